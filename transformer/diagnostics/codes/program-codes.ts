// Problems of writers, and those that only show when all cached functions of a program are seen together.
import { didYouMean, entry } from '../entry.ts';

export const programCodes = {
  /** `@cacheInvalidate` where it can have no effect. */
  CK1014: entry<{ tag: string; why: string }>({
    severity: 'error',
    title: 'orphan-companion',
    message: (a) => `${a.tag} has no effect here: ${a.why}.`,
    help: () =>
      'Move it directly above a function with a body that returns when its work is done, or remove it.',
  }),
  /** The target of `@cacheInvalidate` is not a cached function that the writer can reach. */
  CK1211: entry<{ name: string; why: string; suggestion?: string | undefined }>({
    severity: 'error',
    title: 'invalidate-unknown',
    message: (a) => `@cacheInvalidate target '${a.name}' ${a.why}.${didYouMean(a.suggestion)}`,
    help: (a) =>
      a.suggestion === undefined
        ? 'Name a cached function that this file declares or imports as a value.'
        : `Write '${a.suggestion}'.`,
  }),
  /** The target takes other arguments. */
  CK1212: entry<{ name: string; expected: string; got: string }>({
    severity: 'error',
    title: 'invalidate-args',
    message: (a) => `'${a.name}' expects ${a.expected}, got ${a.got}.`,
    help: (a) =>
      `Give the arguments of the call to invalidate, or write ${a.name}(*) for all of its entries.`,
  }),
  /** `cacheOf` of a #private function that it cannot find. */
  CK1214: entry<{ name: string; why: string; write: string }>({
    severity: 'error',
    title: 'private-handle',
    message: (a) => `cacheOf() cannot find the cache of '${a.name}': ${a.why}.`,
    help: (a) => a.write,
  }),
  /** The result of a secure function inside an unencrypted entry. */
  CK1307: entry<{ name: string; profile: string; callee: string }>({
    severity: 'error',
    title: 'secure-in-shared',
    message: (a) =>
      `'${a.name}' (profile ${a.profile}) uses the result of secure '${a.callee}' and would store it readable.`,
    help: (a) => `Make '${a.name}' secure as well, or call '${a.callee}' outside of it.`,
  }),
  /** A write to what a cached function returned. */
  CK2009: entry<{ name: string; write: string }>({
    severity: 'warning',
    title: 'shared-reference',
    message: (a) =>
      `'${a.write}' changes a result of cached '${a.name}': every hit is a copy, so no other call sees it.`,
    help: () => 'Make a new value, or store the change where the function reads it and invalidate the call.',
  }),
  /** The outer entry lives longer than the inner one, of which it is made. */
  CK2018: entry<{ name: string; ttl: string; callee: string; calleeTtl: string }>({
    severity: 'warning',
    title: 'nested-lifetime',
    message: (a) => `'${a.name}' (ttl ${a.ttl}) outlives cached callee '${a.callee}' (ttl ${a.calleeTtl}).`,
    help: (a) => `Lower the ttl of '${a.name}' to ${a.calleeTtl}, or raise that of '${a.callee}'.`,
  }),
  /** A tag that is invalidated but never written, or (then an info) written but never invalidated. */
  CK2019: entry<{ tag: string; isWritten: boolean; suggestion?: string | undefined }>({
    severity: 'warning',
    title: 'dead-tag',
    message: (a) =>
      a.isWritten
        ? `Tag '${a.tag}' is written but never invalidated here.`
        : `Tag '${a.tag}' is invalidated but no cached function here writes it.${didYouMean(a.suggestion)}`,
    help: (a) =>
      a.isWritten
        ? `Invalidate it with @cacheInvalidate tag:${a.tag}, or remove it.`
        : 'Correct it, or write it with tags= of a cached function.',
  }),
  /** Entries under the old id are never read again. */
  CK3004: entry<{ before: string; after: string }>({
    severity: 'info',
    title: 'id-changed',
    message: (a) => `Id changed: ${a.before} is ${a.after} now, and its entries start empty.`,
    help: (a) => `Write name="${a.before}" to keep them.`,
  }),
  /** Entries of the old shape are never read again. */
  CK3005: entry<{ name: string; changes: string }>({
    severity: 'info',
    title: 'shape-changed',
    message: (a) => `Shape of '${a.name}' changed, so its entries start empty: ${a.changes}.`,
    help: () => 'Nothing to do: entries of the old shape are misses.',
  }),
  /** How many functions are cached, compared with the manifest of the last build. */
  CK3008: entry<{ count: number; change: string }>({
    severity: 'info',
    title: 'site-count',
    message: (a) => `${a.count} cached${a.change === '' ? '' : ` (${a.change})`}.`,
    help: () => 'The manifest lists them.',
  }),
};
