// CK2xxx: warnings, after which the build continues. CK3xxx: infos about choices made for the user.
import { andOthers, entry, type OtherPlaces, resultAt } from '../entry.ts';

export const noteCodes = {
  /**
   * `any` or `unknown` inside the result; or, with `asserted`, a returned value of that type, hidden by an assertion.
   */
  CK2006: entry<{ path: string; asserted?: string | undefined } & OtherPlaces>({
    severity: 'warning',
    title: 'nested-any',
    message: (a) =>
      a.asserted === undefined
        ? `${resultAt(a.path)} is any or unknown${andOthers(a)}; ${a.others === undefined ? 'its' : 'their'} values are checked and encoded at run time.`
        : `${resultAt(a.path)} is ${a.asserted} by itself; an assertion hides whether it fits what is declared, and what does not fit is returned and not stored.`,
    help: (a) =>
      a.asserted === undefined
        ? 'Annotate it with the type it has.'
        : 'Return a value of the declared type without the assertion, or declare what it is.',
  }),
  /** Text that looks meant as a marker but is none. */
  CK2014: entry<{ tag: string; why: string }>({
    severity: 'warning',
    title: 'marker-not-seen',
    message: (a) => `'${a.tag}' here is not a marker: ${a.why}.`,
    help: ({ tag }) => {
      if (tag === '@cache' || tag === '@cacheInvalidate')
        return 'Put it first on a line of a /** */ comment directly above the function, or write it without the @.';
      if (tag === '@noCache') return 'Remove it.';
      if (/^@cache(?:evict|invalidates?)$/i.test(tag))
        return 'Write @cacheInvalidate and its target, or remove it.';
      const [, profile] = /^@cache[-_]?(minimal|production|secure|dev|test|local)$/i.exec(tag) ?? [];
      if (profile !== undefined) return `Write @cache.${profile.toLowerCase()}, or remove it.`;
      return /^@?cached?(?:\.|$)/i.test(tag)
        ? 'Write @cache, or remove it.'
        : 'Make it an option of @cache, or remove it.';
    },
  }),
  /** `@cacheAllow` that suppresses nothing. */
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
  /**
   * A class with only public fields in the result; or, with `returned`, an instance returned where plain data is
   * declared.
   */
  CK2021: entry<{ path: string; type: string; returned?: true }>({
    severity: 'warning',
    title: 'prototype-lost',
    message: (a) =>
      a.returned === true
        ? `${resultAt(a.path)} is declared as something else than the ${a.type} that it is here: such a result is returned and not stored.`
        : `${resultAt(a.path)} is class ${a.type} (data only): instances are returned and not stored; return a plain object.`,
    help: (a) =>
      a.returned === true
        ? 'Return a value of the declared type, such as a plain object: it is cached.'
        : 'Return a plain object of that form: it is cached. Name its type with an interface.',
  }),
  /** The result is of a type with very many properties. */
  CK2025: entry<{ kilobytes: number }>({
    severity: 'warning',
    title: 'large-code',
    message: (a) =>
      `Its result needs ${a.kilobytes} KB of generated code, because the type has so many properties.`,
    help: () => 'Return a type of your own with only what callers need, and map to it.',
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
  /** The result type has a discriminant that marks failures. */
  CK3010: entry<{ property: string }>({
    severity: 'info',
    title: 'failures-not-stored',
    message: (a) => `Results with ${a.property}: false are returned, not stored.`,
    help: () => 'Write an unless= of your own to decide it otherwise; unless="false" stores every result.',
  }),
  /** A parameter whose type is never part of a key. */
  CK3012: entry<{ name: string; type: string }>({
    severity: 'info',
    title: 'parameter-injected',
    message: (a) => `Parameter '${a.name}' (${a.type}) is not in the key.`,
    help: (a) =>
      `Write ignore=${a.name} to say so in the code; where it decides the result, name what of it does with key=.`,
  }),
  /** A synchronous function cannot wait for an asynchronous tier. */
  CK3011: entry<{ name: string }>({
    severity: 'info',
    title: 'synchronous',
    message: (a) => `${a.name} is synchronous: memory and embedded store only.`,
    help: () => 'Make it async to use every tier.',
  }),
};
