// CK2xxx: warnings, the build continues. CK3xxx: infos, choices that were made for the user.
import { entry, resultAt } from '../entry.ts';

export const noteCodes = {
  /** any or unknown below the root of the result. */
  CK2006: entry<{ path: string }>({
    severity: 'warning',
    title: 'nested-any',
    message: (a) => `${resultAt(a.path)} is any or unknown; its values are checked and encoded at run time.`,
    help: () => 'Annotate it with the type it has.',
  }),
  /** `@cache` that looks intended but does not count. */
  CK2014: entry<{ why: string }>({
    severity: 'warning',
    title: 'marker-not-seen',
    message: (a) => `'@cache' here is not a marker: ${a.why}.`,
    help: () =>
      'Put it first on a line of a /** */ comment directly above the function, or write it without the @.',
  }),
  /** `@cacheAllow` for a finding that is not there. */
  CK2015: entry<{ code: string }>({
    severity: 'warning',
    title: 'unused-allow',
    message: (a) => `@cacheAllow ${a.code} matched nothing.`,
    help: () => 'Delete it.',
  }),
  /** A JavaScript file. */
  CK2020: entry<object>({
    severity: 'warning',
    title: 'js-file',
    message: () => 'Types come from JSDoc only.',
    help: () => 'Keep checkJs on and the JSDoc types complete, or make it a TypeScript file.',
  }),
  /** A class with public fields and no methods in the result. */
  CK2021: entry<{ path: string; type: string }>({
    severity: 'warning',
    title: 'prototype-lost',
    message: (a) =>
      `${resultAt(a.path)} is class ${a.type} (data only): instances are returned but not cached; return a plain object.`,
    help: () => 'Return a plain object of that form: it is cached. Name its type with an interface.',
  }),
  /** The compiler chose the profile. */
  CK3001: entry<{ profile: string; reason: string }>({
    severity: 'info',
    title: 'profile-chosen',
    message: (a) => `Profile ${a.profile} chosen: ${a.reason}.`,
    help: (a) => `Write @cache.${a.profile} to keep it, or another profile to change it.`,
  }),
  /** Variables of enclosing functions are part of the key. */
  CK3002: entry<{ names: string }>({
    severity: 'info',
    title: 'captures-joined',
    message: (a) => `Captures joined to key: ${a.names}.`,
    help: () => 'Pass them as parameters to say so in the code.',
  }),
  /** The result needs more than plain MessagePack. */
  CK3007: entry<{ serializer: string; reason: string }>({
    severity: 'info',
    title: 'serializer-chosen',
    message: (a) => `Serializer ${a.serializer} chosen: ${a.reason}.`,
    help: (a) => `Write serializer=${a.serializer} to say so in the code.`,
  }),
  /** A synchronous function cannot wait for an asynchronous tier. */
  CK3011: entry<{ name: string }>({
    severity: 'info',
    title: 'synchronous',
    message: (a) => `${a.name} is synchronous: memory and embedded store only.`,
    help: () => 'Make it async to use every tier.',
  }),
};
