// The error for arguments that have no key text. The call then runs uncached.

/** What the arguments contain. */
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

/** Carries the reason, never the value. */
export class UnkeyableError extends Error {
  readonly reason: UnkeyableReason;

  constructor(reason: UnkeyableReason) {
    super(`No cache key for these arguments: ${reason}`);
    this.name = 'UnkeyableError';
    this.reason = reason;
  }
}
