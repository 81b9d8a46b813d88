// What the body reads and does besides returning a result, and what the key is made of. For the choice between warning
// and info see docs/decisions/0008-which-warnings.md.
import { entry } from '../entry.ts';

export const effectCodes = {
  /** A class whose instances have more than their public fields. */
  CK1208: entry<{ name: string; type: string; root: string }>({
    severity: 'error',
    title: 'private-key-class',
    message: (a) => `Parameter '${a.name}' is class ${a.type}, whose private state cannot enter the key.`,
    help: (a) =>
      `Pass what identifies the call instead of the object, name it in code (cached(fn, { key: (${a.root}) => ${a.root}.id })), or leave the object out with ignore=${a.root}.`,
  }),
  /** A key function whose result cannot be a key. */
  CK1213: entry<{ got: string }>({
    severity: 'error',
    title: 'bad-key-fn',
    message: (a) => `The key function gives ${a.got}.`,
    help: () =>
      'Return at once a string, number, bigint, boolean, null, undefined, Date, or an array of these.',
  }),
  /** Data of one request would be cached for all. */
  CK1305: entry<{ what: string }>({
    severity: 'error',
    title: 'request-context',
    message: (a) => `Reads the current request with ${a.what}, and what it gives is not in the key.`,
    help: () =>
      'Read it in the caller and pass what the function needs as a parameter, or use @cache.local where all requests get the same.',
  }),
  /** Time, randomness, unique ids. */
  CK2001: entry<{ what: string }>({
    severity: 'warning',
    title: 'impure-time',
    message: (a) => `Result depends on ${a.what} and stays as it was for the ttl.`,
    help: () =>
      'Pass it as a parameter, compute it in the caller, or write @cacheAllow CK2001 and why it is meant.',
  }),
  /** The environment of the process, or a variable that changes. */
  CK2002: entry<{ what: string }>({
    severity: 'warning',
    title: 'impure-env',
    message: (a) => `Not in the key, but read: ${a.what}.`,
    help: () => 'Pass it as a parameter, or read it once into a const of the module.',
  }),
  /** Something that does not happen on a hit. */
  CK2003: entry<{ what: string }>({
    severity: 'warning',
    title: 'side-effect',
    message: (a) => `On a hit this does not happen: ${a.what}.`,
    help: () => 'Move it to the caller, or write @cacheAllow CK2003 and why it may be left out.',
  }),
  /** `key=` leaves out a parameter that the body reads. */
  CK2004: entry<{ name: string; isIdentity: boolean }>({
    severity: 'warning',
    title: 'ignored-but-used',
    message: (a) =>
      a.isIdentity
        ? `'${a.name}' says who is asking and is read here, but key= leaves it out: others get the same answer.`
        : `'${a.name}' is read here, but key= leaves it out.`,
    help: (a) => `Add $${a.name} to key=, or write @cacheAllow CK2004 and why it never changes the result.`,
  }),
  /** A name that suggests personal data, with a profile that stores it unencrypted. */
  CK2005: entry<{ name: string; word: string; profile: string }>({
    severity: 'info',
    title: 'weak-name',
    message: (a) => `'${a.name}' looks sensitive (${a.word}); profile is '${a.profile}'.`,
    help: () => 'Use @cache.secure if it returns personal data or credentials.',
  }),
  /** Frozen data comes back unfrozen. */
  CK2008: entry<object>({
    severity: 'info',
    title: 'readonly-lost',
    message: () => 'The result is frozen; a result from the cache is not.',
    help: () => 'Rely on readonly types instead, or write share to have results frozen.',
  }),
  /** A name that begins with the verb of a command. */
  CK2010: entry<{ name: string; word: string }>({
    severity: 'warning',
    title: 'mutation-verb',
    message: (a) => `'${a.name}' sounds like a command ('${a.word}'): a second call would not run it.`,
    help: () => 'Remove the marker if it changes something, or write @cacheAllow CK2010 and what it does.',
  }),
  /** Key values that hardly ever repeat. */
  CK2011: entry<{ name: string; what: string }>({
    severity: 'info',
    title: 'high-cardinality',
    message: (a) => `'${a.name}' is ${a.what}: nearly every call may be a key of its own.`,
    help: () => 'Round it in the caller, or leave it out with key= or ignore=.',
  }),
  /** A fallback value that is returned after a failure and would be cached like a success. */
  CK2016: entry<{ value: string }>({
    severity: 'warning',
    title: 'cached-fallback',
    message: (a) => `A failure gives ${a.value} here, which is stored like a success.`,
    help: () =>
      'Let it throw (failures are never stored) and catch in the caller, or leave it out with unless=.',
  }),
  /** Null or undefined is kept as long as any other result. */
  CK2017: entry<{ what: string }>({
    severity: 'info',
    title: 'null-cached',
    message: (a) => `${a.what} is kept for the full ttl.`,
    help: () =>
      'Write cache-null=30s to look again soon, !cache-null to not keep it, or cache-null to say that it is meant.',
  }),
  /** A function that returns `T | Promise<T>`. */
  CK2022: entry<object>({
    severity: 'warning',
    title: 'becomes-promise',
    message: () => 'It gives a value or a promise; cached it gives a promise always.',
    help: () => 'Make the function async.',
  }),
  /** A thenable with more methods than a promise, which the cached function does not return. */
  CK2023: entry<{ type: string }>({
    severity: 'warning',
    title: 'thenable-narrowed',
    message: (a) => `It gives ${a.type}; cached it gives a Promise, without the other methods.`,
    help: () => 'Make the function async and await the value in it.',
  }),
  /** Fields of `this` were added to the key. */
  CK3003: entry<{ names: string }>({
    severity: 'info',
    title: 'fields-joined',
    message: (a) => `Joined to the key: ${a.names}.`,
    help: () => 'Write self=$this.id to name what identifies the object, or pass the values as parameters.',
  }),
};
