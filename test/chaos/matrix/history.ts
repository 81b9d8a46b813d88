// What processes under load tell the one that judges them. All times: ms of the machine's monotonic clock, which all
// processes share and no change of the wall clock moves.

/** Right value for another key or another version, or a value that nobody made. */
export type Outcome =
  | { readonly kind: 'value'; readonly version: number }
  | { readonly kind: 'garbled'; readonly shown: string }
  /** The function's own error, unchanged. */
  | { readonly kind: 'own-error' }
  | { readonly kind: 'error'; readonly shown: string };

export interface Answer {
  readonly key: number;
  readonly atMs: number;
  readonly tookMs: number;
  /** For another process that holds the lock of the call. */
  readonly mayWait: boolean;
  readonly outcome: Outcome;
}

export interface Write {
  readonly key: number;
  readonly version: number;
  /** Every call of the same process that begins later must see this version. */
  readonly calledMs: number;
}

export interface Ack {
  readonly key: number;
  readonly version: number;
  readonly atMs: number;
}

/** The event loop, and so every timer, was late by `lateMs` at `atMs`. */
export interface Stall {
  readonly atMs: number;
  readonly lateMs: number;
}

/** Sent every 100 ms, so that a process that is killed has told nearly everything. */
export interface Batch {
  readonly answers: readonly Answer[];
  readonly writes: readonly Write[];
  readonly acks: readonly Ack[];
  readonly stalls: readonly Stall[];
  /** When the second tier answered a call. */
  readonly backendHitsMs: readonly number[];
  /** Unhandled rejections, exceptions and warnings. */
  readonly noise: readonly string[];
  /** Calls, and what the counters make of them. */
  readonly totals?: { readonly calls: number; readonly counted: number; readonly asked: number };
}

export interface ProcessHistory {
  readonly answers: Answer[];
  readonly writes: Write[];
  readonly acks: Ack[];
  readonly stalls: Stall[];
  readonly backendHitsMs: number[];
  readonly noise: string[];
  totals: Batch['totals'];
}

export function emptyHistory(): ProcessHistory {
  return {
    answers: [],
    writes: [],
    acks: [],
    stalls: [],
    backendHitsMs: [],
    noise: [],
    totals: undefined,
  };
}

/** Of the machine, monotonic. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
