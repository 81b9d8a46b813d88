// A site as emitted code sees it, and what both hand each other.
import type { SiteCore } from './site-core.ts';

/** The user's function; args are its bound names. */
export type Body = (...args: unknown[]) => unknown;
export type Keep = (...keyed: unknown[]) => readonly [bucket: unknown, kept: unknown] | undefined;
export type KeptEquals = (kept: unknown, ...keyed: unknown[]) => boolean;

/** What `cached()` knows of a call, where the descriptor does not apply to its arguments as they are. */
export interface GivenKey {
  readonly keyed: readonly unknown[];
  /** As many arguments as the compiler saw parameters. Else `count` is part of the key: a rest parameter can tell. */
  readonly isTyped: boolean;
  readonly count: number;
}

/** What emitted code calls. */
export interface EmittedSite {
  readonly core: SiteCore;
  /** The value (or its promise), or undefined: "not fast, ask run". */
  hit(...lookup: unknown[]): unknown;
  /** Always right. */
  run(args: readonly unknown[], body: Body): unknown;
  runSync(args: readonly unknown[], body: Body): unknown;
}
