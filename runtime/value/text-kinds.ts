// Built-in objects that a text represents completely: URL, RegExp and the types of Temporal.
import { isProxy, isRegExp } from './node-types.ts';
import { failWire } from './wire-error.ts';

/** One such type: text of a value, and value of a text. Both may throw. */
interface TextKind {
  readonly prototype: object | undefined;
  readonly textOf: (value: object) => string;
  readonly make: (text: string) => object;
}

/** The used part of Temporal types. Declared here, because only later versions of Node have Temporal. */
interface TemporalValue {
  toString(options?: object): string;
  equals?(other: object): boolean;
}

interface TemporalType {
  readonly prototype: object;
  from(text: string): object;
  new (...fields: readonly number[]): object;
}

const DURATION_FIELDS = [
  'years',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
];

const url: TextKind = {
  prototype: URL.prototype,
  textOf: (value) => (value as URL).href, // only values with this prototype; a forged one throws
  make: (text) => new URL(text),
};

const regExp: TextKind = {
  prototype: RegExp.prototype,
  // The first slash ends the flags.
  textOf: (value) => `${(value as RegExp).flags}/${(value as RegExp).source}`, // as for URL
  make: (text) => {
    const slash = text.indexOf('/');
    return slash === -1 ? failWire() : new RegExp(text.slice(slash + 1), text.slice(0, slash));
  },
};

/** Looked up at each use, because a polyfill may be loaded late. undefined: there is no Temporal. */
function temporalType(name: string): TemporalType | undefined {
  const temporal: unknown = Reflect.get(globalThis, 'Temporal');
  if (typeof temporal !== 'object' || temporal === null) return undefined;
  const type: unknown = Reflect.get(temporal, name);
  return typeof type === 'function' ? (type as unknown as TemporalType) : undefined; // named by the specification
}

const temporal = (name: string): TextKind => ({
  get prototype() {
    return temporalType(name)?.prototype;
  },
  // With the calendar: otherwise the text of a PlainMonthDay lacks the reference year.
  textOf: (value) => (value as TemporalValue).toString({ calendarName: 'always' }), // checked by its prototype
  make: (text) => temporalType(name)?.from(text) ?? failWire(),
});

/** Not as ISO text, which turns 90,000 milliseconds into 90 seconds. */
const duration: TextKind = {
  get prototype() {
    return temporalType('Duration')?.prototype;
  },
  textOf: (value) => DURATION_FIELDS.map((name) => String(Reflect.get(value, name))).join(' '),
  make: (text) => {
    const Duration = temporalType('Duration') ?? failWire();
    return new Duration(...text.split(' ').map(Number));
  },
};

const makeKinds = () => ({
  URL: url,
  RegExp: regExp,
  'Temporal.Instant': temporal('Instant'),
  'Temporal.ZonedDateTime': temporal('ZonedDateTime'),
  'Temporal.PlainDate': temporal('PlainDate'),
  'Temporal.PlainTime': temporal('PlainTime'),
  'Temporal.PlainDateTime': temporal('PlainDateTime'),
  'Temporal.PlainYearMonth': temporal('PlainYearMonth'),
  'Temporal.PlainMonthDay': temporal('PlainMonthDay'),
  'Temporal.Duration': duration,
});

type Kinds = Readonly<ReturnType<typeof makeKinds>>;

let kinds: Kinds | undefined;

/** Made at the first use, because most programs store no such values. */
function allKinds(): Kinds {
  return (kinds ??= makeKinds());
}

/** Name of the type, as in TypeScript. */
export type TextName = keyof Kinds;

/**
 * Name of the built-in whose exact instance the value is: own prototype, no added properties, and its text represents
 * all of it. undefined for anything else, also for a RegExp whose `lastIndex` is not 0, as in the middle of a search.
 * Never throws.
 */
export function textName(value: unknown): TextName | undefined {
  if (typeof value !== 'object' || value === null || isProxy(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return undefined;
  const known = allKinds();
  const names = Object.keys(known) as readonly TextName[]; // the keys of an object literal
  const name = names.find((candidate) => known[candidate].prototype === prototype);
  return name !== undefined && isWhole(name, value) ? name : undefined;
}

function isWhole(name: TextName, value: object): boolean {
  try {
    if (name === 'RegExp') return isFreshRegExp(value);
    if (Reflect.ownKeys(value).length > 0) return false;
    const { textOf, make } = allKinds()[name];
    const text = textOf(value);
    const again = make(text);
    if (textOf(again) !== text) return false;
    const temporal = value as TemporalValue; // URL has no such method
    return typeof temporal.equals !== 'function' || temporal.equals(again);
  } catch {
    return false; // its prototype is forged
  }
}

/** Whether it is a RegExp with no own property but `lastIndex`, which is 0. */
function isFreshRegExp(value: object): boolean {
  return (
    isRegExp(value) && Reflect.ownKeys(value).length === 1 && Object.is(Reflect.get(value, 'lastIndex'), 0)
  );
}

/** Text of a value that `textName` knows. It may contain lone surrogates. */
export function textOf(value: object, name: TextName): string {
  return allKinds()[name].textOf(value);
}

/** Inverse of `textOf`. @throws WireError for a text that `textOf` does not write for this type */
export function makeFromText(text: string, name: string): object {
  if (!Object.hasOwn(allKinds(), name)) return failWire();
  const kind = allKinds()[name as TextName]; // hasOwn was checked
  let made: object;
  try {
    made = kind.make(text);
  } catch {
    return failWire();
  }
  return kind.textOf(made) === text ? made : failWire();
}

/** A copy; the same object for Temporal types, which are immutable. */
export function copyText(value: object, name: TextName): object {
  return name.startsWith('Temporal.') ? value : makeFromText(textOf(value, name), name);
}
