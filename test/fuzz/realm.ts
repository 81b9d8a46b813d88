// What a reader must leave alone: the built-ins of this process. And what it must not make of bytes: code and patterns.
import { inspect, types } from 'node:util';
import { CANARY, finding } from './target.ts';

const BUILT_INS: readonly object[] = [
  Object,
  Array,
  Function,
  Map,
  Set,
  Date,
  RegExp,
  Error,
  Promise,
  String,
  Number,
  Uint8Array,
  JSON,
  Reflect,
].flatMap((one) => ('prototype' in one ? [one, one.prototype as object] : [one]));

/** Names and values of everything that can be reached on the built-ins. */
function snapshot(): string {
  return BUILT_INS.map((one) => {
    const names = Reflect.ownKeys(one).map(String).toSorted();
    return `${names.join()} ${inspect(Object.getPrototypeOf(one), { depth: 0 })}`;
  }).join('\n');
}

export interface Realm {
  /** @throws a finding when a built-in has changed, or something was made that must not be. */
  verify(): void;
}

/** From here on patterns and functions that are made count. Call it when everything is loaded. */
export function watchRealm(): Realm {
  let made: string | undefined;
  const watched = <T extends object>(name: string, original: T): T =>
    new Proxy(original, {
      apply: (target, self, args) => {
        made = name;
        return Reflect.apply(target as never, self, args) as unknown;
      },
      construct: (target, args, newTarget) => {
        made = name;
        return Reflect.construct(target as never, args, newTarget) as object;
      },
    });
  Object.assign(globalThis, {
    RegExp: watched('RegExp', RegExp),
    Function: watched('Function', Function),
    // eslint-disable-next-line no-eval -- not called: watched
    eval: watched('eval', globalThis.eval),
  });
  const before = snapshot();
  return {
    verify() {
      if (made !== undefined) finding(`${made} was called`);
      if (snapshot() !== before) finding('a built-in has changed');
    },
  };
}

/** @throws a finding when the value holds a function, a pattern, or an object of a class that no reader makes. */
export function checkValue(value: unknown, seen = new Set<object>()): void {
  if (typeof value === 'function' || typeof value === 'symbol') finding(`a ${typeof value} was read`);
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (types.isRegExp(value) || types.isNativeError(value) || types.isProxy(value) || types.isPromise(value))
    finding('an object was read that nothing writes');
  if (value instanceof Map) for (const part of [...value].flat()) checkValue(part, seen);
  else if (value instanceof Set) for (const item of value) checkValue(item, seen);
  else if (!ArrayBuffer.isView(value)) for (const item of Object.values(value)) checkValue(item, seen);
}

/** @throws a finding when the text of an error shows what was stored. */
export function checkError(error: unknown): void {
  const text = inspect(error, { depth: 5 });
  if (text.includes(CANARY) || text.includes('canary')) finding('an error shows a stored value');
}
