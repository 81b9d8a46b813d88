// A MessagePack extension value as it was read. Nobody writes them; as a class instance it fits no declared type.

export class Extension {
  /** −128 … 127; negative ones belong to MessagePack itself. */
  readonly type: number;
  readonly data: Uint8Array;

  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}
