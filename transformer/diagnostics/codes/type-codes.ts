// CK11xx: signatures and result types that cannot be cached.
import { andOthers, entry, type OtherPlaces, resultAt } from '../entry.ts';

/** A type inside the result. */
export interface ResultPlace {
  /** `.owner.tags[]`; '' is the result itself. */
  readonly path: string;
  /** The type as the checker prints it. */
  readonly type: string;
}

/** Why CK1107 refuses a type such as `string & { a: 1 }`. */
export const IMPOSSIBLE = 'which no value can be, and which is no brand';

/** How to get at the data in each platform object that CK1110 refuses. */
const DATA_IN: Readonly<Partial<Record<string, string>>> = {
  Request: 'await request.json()',
  Response: 'await response.json()',
  Headers: '[...headers]',
  FormData: "String(form.get('name'))",
  Blob: 'await blob.arrayBuffer()',
  File: 'await file.arrayBuffer()',
};

export const typeCodes = {
  /** `function*`, or a generator or iterator as result. */
  CK1102: entry<object>({
    severity: 'error',
    title: 'generator',
    message: () => 'Generators cannot be cached; collect into an array.',
    help: () => 'Return an array: Promise<T[]>.',
  }),
  /** The function returns nothing. */
  CK1103: entry<{ type: string }>({
    severity: 'error',
    title: 'void-return',
    message: (a) => `Nothing to cache: return type is ${a.type}.`,
    help: () => 'Return a value, or remove the marker.',
  }),
  /** The return type is never. */
  CK1104: entry<object>({
    severity: 'error',
    title: 'never-return',
    message: () => 'Function never returns.',
    help: () => 'Remove the marker.',
  }),
  /** The whole result is any, unknown or object. */
  CK1105: entry<{ type: string }>({
    severity: 'error',
    title: 'any-return',
    message: (a) =>
      `Return type is ${a.type}, so nothing says how to store a result, or whether a stored one still fits.`,
    help: () => 'Annotate the return type with what the function returns.',
  }),
  /** A function inside the result. */
  CK1106: entry<ResultPlace & OtherPlaces>({
    severity: 'error',
    title: 'function-value',
    message: (a) =>
      a.others === undefined
        ? `${resultAt(a.path)} is a function and would be lost.`
        : `${resultAt(a.path)} is a function and would be lost, and so are ${a.others} others of its object.`,
    help: (a) => {
      if (a.others !== undefined)
        return 'Return the data that a method of it gives (of a query: run it), or map to a plain type.';
      return a.path === ''
        ? 'Return the data that it gives when it is called, or put the marker on the function that computes the data.'
        : 'Return plain data: leave the function out with Omit, or map to a plain type.';
    },
  }),
  /** Symbols, weak collections, nested promises, built-ins without a codec. */
  CK1107: entry<ResultPlace & { why: string }>({
    severity: 'error',
    title: 'no-wire-form',
    message: (a) => `${resultAt(a.path)} is ${a.type}, ${a.why}.`,
    help: (a) =>
      a.why === 'which is not settled'
        ? 'Await it before returning.'
        : a.why === IMPOSSIBLE
          ? "To brand it, write `{ readonly __brand: 'Name' }`, or use a unique symbol as the key; for data, return an object."
          : 'Convert it to plain data before returning.',
  }),
  /** An instance of a class with methods, accessors or private state. */
  CK1108: entry<ResultPlace & { why?: string | undefined } & OtherPlaces>({
    severity: 'error',
    title: 'class-instance',
    message: (a) =>
      `${resultAt(a.path)} is class ${a.type}${andOthers(a)}; ${a.why ?? 'methods and private state do not survive'}.`,
    help: (a) =>
      a.why === undefined
        ? 'Return plain data: an interface with the fields that callers need; or give the class a codec (`static readonly [codec]`, or `defineCodec`).'
        : 'Import the class as a value here, or put `defineCodec` for it into a module that the option `codecs` names; `id` is a string literal.',
  }),
  /** Streams, sockets, async iterables, handles. */
  CK1109: entry<ResultPlace>({
    severity: 'error',
    title: 'stream',
    message: (a) =>
      a.path === '' ? `${a.type} can be consumed once.` : `Path ${a.path}: ${a.type} can be consumed once.`,
    help: () => 'Buffer it: return bytes (await new Response(stream).bytes()) or an array.',
  }),
  /** Response, Request, Headers, Blob, FormData. */
  CK1110: entry<ResultPlace>({
    severity: 'error',
    title: 'http-object',
    message: (a) =>
      a.path === '' ? `${a.type} is not cacheable.` : `Path ${a.path}: ${a.type} is not cacheable.`,
    help: (a) => `Return the data in it, for example ${DATA_IN[a.type] ?? 'its text or bytes'}.`,
  }),
  /** Error objects as results. */
  CK1111: entry<ResultPlace>({
    severity: 'error',
    title: 'error-value',
    message: (a) => `${resultAt(a.path)} is ${a.type}; Error instances lose prototype and stack.`,
    help: () => 'Throw the error (failures are never cached), or return a plain object that describes it.',
  }),
  /** The serializer named by the marker cannot hold the result. */
  CK1112: entry<{ serializer: string; what: string; path: string }>({
    severity: 'error',
    title: 'serializer-mismatch',
    message: (a) =>
      `serializer=${a.serializer} cannot keep ${a.what}${a.path === '' ? ' as the result' : ` at ${a.path}`}.`,
    help: () => 'Use serializer=auto, or leave the choice to the compiler.',
  }),
  /** The checker does not know the type. */
  CK1113: entry<ResultPlace>({
    severity: 'error',
    title: 'unresolved-type',
    message: (a) => `Cannot resolve type '${a.type}'${a.path === '' ? '' : ` at ${a.path}`}.`,
    help: () => 'Fix the import, or install the types.',
  }),
  /** The polymorphic `this` as result. */
  CK1114: entry<ResultPlace>({
    severity: 'error',
    title: 'this-return',
    message: () => 'Returning `this` is not cacheable.',
    help: () => 'Return data.',
  }),
  /** Constructors, accessors, static blocks. */
  CK1115: entry<{ what: string }>({
    severity: 'error',
    title: 'unsupported-member',
    message: (a) =>
      a.what === 'getter' ? 'A getter can be cached with its object only.' : `A ${a.what} cannot be cached.`,
    help: (a) =>
      a.what === 'getter'
        ? 'Write @cache.local self=instance, or make it a method.'
        : a.what === 'static block'
          ? 'Put the work into a static method, and mark that.'
          : a.what === 'constructor'
            ? 'Put the work into a static method that gives plain data, and mark that.'
            : 'Make it a method.',
  }),
  /** `x is T`, `asserts x`. */
  CK1116: entry<object>({
    severity: 'error',
    title: 'type-guard',
    message: () => 'Type predicates and assertion functions cannot be cached.',
    help: () => 'Remove the marker, or return boolean.',
  }),
  /** A type parameter in the result: callers may claim different types for the same key. */
  CK1117: entry<ResultPlace>({
    severity: 'error',
    title: 'unbounded-type',
    message: (a) =>
      `Return type depends on unresolved ${a.type}${a.path === '' ? '' : ` at ${a.path}`}; the same key could hold different types.`,
    help: () =>
      'Return a concrete type: write one function per type, or take a schema and return its plain data.',
  }),
  /** A type that is nested without end, or too large to generate code for. */
  CK1118: entry<ResultPlace>({
    severity: 'error',
    title: 'too-deep',
    message: (a) => `Type expansion passed 64 levels / 5,000 nodes${a.path === '' ? '' : ` at ${a.path}`}.`,
    help: () => 'Name a smaller type for the result.',
  }),
};
