// Thrown for a call whose arguments have no key text. The call then runs uncached.

export type UnkeyableReason =
  | 'function'
  | 'symbol'
  | 'class'
  | 'accessor'
  | 'symbol-key'
  | 'hidden-property'
  | 'array-properties'
  | 'cycle'
  | 'too-deep'
  | 'too-large'
  | 'unreadable';

/** Carries a reason, never the value. */
export class UnkeyableError extends Error {
  readonly reason: UnkeyableReason;

  constructor(reason: UnkeyableReason) {
    super(`No cache key for these arguments: ${reason}`);
    this.name = 'UnkeyableError';
    this.reason = reason;
  }
}
