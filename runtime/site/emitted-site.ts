// A site as emitted code sees it, and what the two exchange.
import type { SiteCore } from './site-core.ts';

/** The user's function. Its arguments are the bound parameters, with defaults applied. */
export type Body = (...args: unknown[]) => unknown;
/** Generated: the bucket of a call in the index, and a copy of what is compared. */
export type Keep = (...keyed: unknown[]) => readonly [bucket: unknown, kept: unknown] | undefined;
/** Generated: whether `kept` is of a call with these values. */
export type KeptEquals = (kept: unknown, ...keyed: unknown[]) => boolean;

/** The key of a call as `cached()` determined it, in place of what the descriptor would take from the arguments. */
export interface GivenKey {
  readonly keyed: readonly unknown[];
  /** The generated key functions apply to `keyed`. Otherwise `count` is part of the key text. */
  readonly isTyped: boolean;
  /** Number of arguments: a function with a rest parameter can tell two calls apart by it. */
  readonly count: number;
}

/** What emitted code calls. */
export interface EmittedSite {
  readonly core: SiteCore;
  /** The value (or its promise) if it is in memory. undefined: call `run`. */
  hit(...lookup: unknown[]): unknown;
  /** Answers any call of an asynchronous function. */
  run(args: readonly unknown[], body: Body): unknown;
  /** Answers any call of a synchronous function. */
  runSync(args: readonly unknown[], body: Body): unknown;
}
