// Built-in objects that a text says completely: URL, RegExp and the types of Temporal.
import { isProxy, isRegExp } from './node-types.ts';
import { failWire } from './wire-error.ts';

/** One of them: the text of a value, and the value of a text. Both may throw. */
interface TextKind {
  readonly prototype: object | undefined;
  readonly textOf: (value: object) => string;
  readonly make: (text: string) => object;
}

/** What all Temporal types have that is used here; Node has them by default only in later versions. */
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
  textOf: (value) => (value as URL).href, // called for what has its prototype; anything else throws
  make: (text) => new URL(text),
};

const regExp: TextKind = {
  prototype: RegExp.prototype,
  // No flag is a slash.
  textOf: (value) => `${(value as RegExp).flags}/${(value as RegExp).source}`, // as above
  make: (text) => {
    const slash = text.indexOf('/');
    return slash === -1 ? failWire() : new RegExp(text.slice(slash + 1), text.slice(0, slash));
  },
};

/** Looked up at each use: a polyfill may come late, or Node may be started without it. */
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
  // With the calendar, since only then a month and day say their year.
  textOf: (value) => (value as TemporalValue).toString({ calendarName: 'always' }), // checked by its prototype
  make: (text) => temporalType(name)?.from(text) ?? failWire(),
});

/** Its ISO text has no place for 90,000 milliseconds: they would come back as seconds. */
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

/** Made with the first value that may be one: most programs store none. */
function allKinds(): Kinds {
  return (kinds ??= makeKinds());
}

/** The name of the type, as TypeScript writes it. */
export type TextName = keyof Kinds;

/**
 * The built-in that `value` is exactly: own prototype, no properties besides, and its text says all of it. A RegExp
 * whose `lastIndex` is not 0 is in the middle of a search. Undefined for everything else. Never throws.
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
    return false; // not what its prototype says
  }
}

/** `lastIndex` is the one own property of every RegExp. */
function isFreshRegExp(value: object): boolean {
  return (
    isRegExp(value) && Reflect.ownKeys(value).length === 1 && Object.is(Reflect.get(value, 'lastIndex'), 0)
  );
}

/** Text of a value that `textName` knows; not only well-formed. */
export function textOf(value: object, name: TextName): string {
  return allKinds()[name].textOf(value);
}

/** @throws WireError for a text that `textOf` does not write for that type. */
export function makeFromText(text: string, name: string): object {
  if (!Object.hasOwn(allKinds(), name)) return failWire();
  const kind = allKinds()[name as TextName]; // an own key, see above
  let made: object;
  try {
    made = kind.make(text);
  } catch {
    return failWire();
  }
  return kind.textOf(made) === text ? made : failWire();
}

/** A value of its own: Temporal values never change. */
export function copyText(value: object, name: TextName): object {
  return name.startsWith('Temporal.') ? value : makeFromText(textOf(value, name), name);
}
