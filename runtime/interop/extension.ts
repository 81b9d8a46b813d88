// A MessagePack extension value that was read. Libraries of interop/v1 write none.

/** As an instance of this class, it is of no declared type. */
export class Extension {
  /** −128 to 127. MessagePack itself defines the negative types. */
  readonly type: number;
  readonly data: Uint8Array;

  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}
