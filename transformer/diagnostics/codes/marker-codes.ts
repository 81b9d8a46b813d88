// CK10xx: the marker and its options.
import { didYouMean, entry, withArticle } from '../entry.ts';

export const markerCodes = {
  /** The profile is not a built-in one. */
  CK1001: entry<{ name: string; suggestion?: string | undefined; known: string }>({
    severity: 'error',
    title: 'unknown-profile',
    message: (a) => `Unknown cache profile '${a.name}'.${didYouMean(a.suggestion)}`,
    help: (a) => `The profiles are ${a.known}.`,
  }),
  /** There is no such option. */
  CK1002: entry<{ name: string; suggestion?: string | undefined; known: string }>({
    severity: 'error',
    title: 'unknown-option',
    message: (a) => `Unknown cache option '${a.name}'.${didYouMean(a.suggestion)}`,
    help: (a) =>
      a.suggestion === undefined
        ? `Rename or remove it; the options are ${a.known}.`
        : `Write '${a.suggestion}', or remove it.`,
  }),
  /** The value of an option has the wrong type or range. */
  CK1003: entry<{ option: string; expected: string; got: string; example?: string | undefined }>({
    severity: 'error',
    title: 'bad-value',
    message: (a) =>
      `Option '${a.option}' expects ${a.expected}, got ${a.got === '' ? 'nothing' : `'${a.got}'`}.`,
    help: (a) => (a.example === undefined ? `Write ${a.expected}.` : `Write for example ${a.example}.`),
  }),
  /** The same option twice on one function, possibly in several comments. */
  CK1004: entry<{ option: string; first: string; second: string }>({
    severity: 'error',
    title: 'duplicate-option',
    message: (a) => `Option '${a.option}' is set twice (${a.first}, ${a.second}).`,
    help: () => 'Delete one of them.',
  }),
  /** Two settings that contradict each other. */
  CK1005: entry<{ first: string; second: string; why: string; without?: true }>({
    severity: 'error',
    title: 'conflicting-options',
    message: (a) =>
      a.without === true
        ? `'${a.first}' has no effect without '${a.second}': ${a.why}.`
        : `'${a.first}' cannot be combined with '${a.second}': ${a.why}.`,
    help: (a) => (a.without === true ? `Write '${a.second}' as well, or remove it.` : 'Remove either.'),
  }),
  /** The marker stands before something that is no function. */
  CK1006: entry<{ name: string; what: string }>({
    severity: 'error',
    title: 'not-a-function',
    message: (a) =>
      `@cache applies to functions; ${a.name === '' ? 'this' : `'${a.name}'`} is ${withArticle(a.what)}.`,
    help: (a) =>
      a.what === 'class' || a.what === 'interface'
        ? 'Put a marker above each method of a class that is to be cached, or remove it.'
        : 'Move the marker to a function or method, or remove it.',
  }),
  /** An overload signature, an abstract or interface method, or `declare`. */
  CK1007: entry<{ name: string; what: string }>({
    severity: 'error',
    title: 'no-body',
    message: (a) => `'${a.name}' is ${withArticle(a.what)} without a body, so nothing can be cached.`,
    help: () => 'Put the marker on the implementation.',
  }),
  /** `const a = …, b = …` under one marker. */
  CK1008: entry<{ what: string }>({
    severity: 'error',
    title: 'many-declarators',
    message: (a) => `One marker covers ${a.what}.`,
    help: () => 'Split the statement, so that each marker stands before one function.',
  }),
  /** A function marked twice. */
  CK1009: entry<{ name: string; writer?: string | undefined }>({
    severity: 'error',
    title: 'conflicting-markers',
    message: (a) =>
      a.writer === undefined
        ? `'${a.name}' is marked twice.`
        : `'${a.name}' is cached and has @cacheInvalidate: a hit would not run it, so it would invalidate nothing.`,
    help: (a) =>
      a.writer === undefined
        ? 'Keep one of @cache and cached().'
        : 'Keep one of the two, or split the function.',
  }),
  /** A path names something that is no parameter, or a property its type does not have or does not show. */
  CK1011: entry<{
    path: string;
    signature: string;
    suggestion?: string | undefined;
    noun?: string;
    missing?: { owner: string; step: string; closed?: string | undefined } | undefined;
    /** It is not of the form of a path. */
    malformed?: true | undefined;
  }>({
    severity: 'error',
    title: 'unknown-path',
    message: ({ path, signature, suggestion, noun, missing, malformed }) =>
      malformed === true
        ? `'${path}' is not a path, which is a parameter and names of properties with dots between them.`
        : missing === undefined
          ? `'${path}' is not a ${noun ?? 'parameter'} of ${signature}.${didYouMean(suggestion)}`
          : missing.closed === undefined
            ? `'${path}' leads nowhere: '${missing.owner}' has no property '${missing.step}'.${didYouMean(suggestion)}`
            : `'${path}' cannot be read: '${missing.owner}' is of type ${missing.closed}, and paths lead through plain data only.`,
    help: ({ signature, suggestion, noun, missing, malformed }) => {
      if (suggestion !== undefined) return `Write '${suggestion}'.`;
      if (malformed !== true && missing === undefined)
        return `Name a ${noun ?? 'parameter'} of ${signature}.`;
      return missing !== undefined && missing.closed === undefined
        ? `Name a property of '${missing.owner}'.`
        : 'Pass the value itself as a parameter, or use cached() with a function in place of the path.';
    },
  }),
  /** The argument of `cached()` is not a function that the build can find. */
  CK1015: entry<{ what: string }>({
    severity: 'error',
    title: 'unresolvable-target',
    message: (a) =>
      `cached() needs a function literal or a reference to one declared in this project, got ${a.what}.`,
    help: (a) =>
      a.what.startsWith('the imported')
        ? 'Mark the function where it is declared, or call it in an arrow function here.'
        : 'Write the function inline, or wrap the call in an arrow function.',
  }),
  /** Nothing in the source names the function. */
  CK1016: entry<object>({
    severity: 'error',
    title: 'unnamed',
    message: () => 'Nothing names this function, so its entries would have no stable name.',
    help: () => 'Assign it to a const and mark that, or name the entries with name=.',
  }),
  /** Two functions would share their entries. */
  CK1017: entry<{ id: string; other: string }>({
    severity: 'error',
    title: 'duplicate-id',
    message: (a) => `Two cached functions share id '${a.id}'; the other one is ${a.other}.`,
    help: () => 'Rename one of them, or give it another name=.',
  }),
  /** The build cannot evaluate an option it needs. */
  CK1018: entry<{ option: string; what: string }>({
    severity: 'error',
    title: 'dynamic-options',
    message: (a) => `Options must be statically known here; '${a.option}' is ${a.what}.`,
    help: (a) =>
      a.option === 'options'
        ? 'Write the options in the call, as { ttl: 300 }; variables may stand in functions in it.'
        : 'Write a literal in the call.',
  }),
  /** The namespace has characters that stored keys do not allow. */
  CK1020: entry<{ namespace: string }>({
    severity: 'error',
    title: 'bad-segment',
    message: (a) => `Namespace '${a.namespace}' must match [a-z0-9._-]{1,64}.`,
    help: () => 'Use lower-case letters, digits, dots, hyphens and underscores.',
  }),
  /** The generated import would turn a script into a module, so that its declarations are no longer global. */
  CK1021: entry<{ name: string }>({
    severity: 'error',
    title: 'not-a-module',
    message: (a) => `'${a.name}' stands in a script: the file has no import or export.`,
    help: () => 'Add `export {}` to the file to make it a module.',
  }),
  /** The function has a syntax error, so the parser may have misread it. */
  CK1022: entry<{ name: string }>({
    severity: 'error',
    title: 'does-not-parse',
    message: (a) => `'${a.name}' has a syntax error, so it cannot be cached.`,
    help: () => 'Repair the syntax first; your compiler says where it is wrong.',
  }),
};
