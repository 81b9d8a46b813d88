// The function that `cached()` returns. It binds `this` and the arguments, asks the site, and keeps name and length of
// the original.
import type { AnyFunction, CacheOptions } from '../config/cache-options.ts';
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { run } from './call/read-through.ts';
import { runSync } from './call/run-sync.ts';
import { sayCallback } from './call/say-callback.ts';
import type { Body, EmittedSite, GivenKey } from './emitted-site.ts';
import type { CacheHandle } from './handle/cache-handle.ts';
import { isCapturing } from './handle/capture.ts';
import { createHandle } from './handle/handle.ts';
import { objectNumber } from './object-number.ts';

/** What the wrapper is made of. */
export interface WrapInput {
  readonly fn: AnyFunction;
  readonly site: EmittedSite;
  readonly descriptor: CacheDescriptor;
  /** Values of enclosing scopes that are part of the key. */
  readonly captured: readonly unknown[];
  readonly key: CacheOptions['key'];
  /** `self: 'instance'`: the object that the method is called on is part of the key. */
  readonly perObject: boolean;
  readonly isCompiled: boolean;
}

/** Wraps `fn`. */
export function wrapFunction(input: WrapInput): AnyFunction {
  const { fn, site, key, perObject } = input;
  const answer = createAnswer(input);
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    const body: Body = () => Reflect.apply(fn, this, args as never[]); // the caller's types say what fn takes
    let given: GivenKey;
    try {
      given = key === undefined ? keyOfArguments(input, args) : keyOfOption(input, key(...(args as never[])));
    } catch {
      if (key !== undefined) sayCallback(site.core, '`key`', 'the call ran uncached');
      given = UNKEYABLE;
    }
    return answer(perObject ? ofObject(given, this) : given, body, args);
  };
  let handle: CacheHandle<AnyFunction> | undefined;
  Object.defineProperties(wrapper, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
    cache: { get: () => (handle ??= createHandle(site.core, wrapper, undefined)) },
  });
  return wrapper;
}

/** A key made of a function: it has no key text, so the call runs uncached. */
const UNKEYABLE: GivenKey = { keyed: [() => undefined], isTyped: false, count: 0 };

/** Adds the object to the key. The generated key functions do not know it, so the key text is made at run time. */
function ofObject({ keyed, count }: GivenKey, self: unknown): GivenKey {
  return { keyed: [...keyed, objectNumber(self)], isTyped: false, count };
}

/**
 * The key of a call without the `key` option. With as many arguments as the compiler saw parameters, the generated key
 * functions apply. With another number they do not: defaults have not been applied yet.
 */
function keyOfArguments(
  { site, descriptor, captured, isCompiled }: WrapInput,
  args: readonly unknown[],
): GivenKey {
  const { pick } = descriptor;
  const arity = isCompiled ? (pick ?? site.core.keyOps?.key ?? noParts).length - captured.length : -1;
  const all = captured.length === 0 ? args : [...args, ...captured];
  if (args.length !== arity) return { keyed: all, isTyped: false, count: args.length };
  const keyed = pick === undefined ? all : pick(...(all as never[])); // generated for these args
  return { keyed, isTyped: true, count: args.length };
}

function noParts(): void {
  // Stands for a key function without parameters, where nothing enters the key.
}

function keyOfOption({ captured }: WrapInput, part: unknown): GivenKey {
  return { keyed: [part, ...captured], isTyped: true, count: 1 };
}

/** Answers a call: from memory if the typed index has it, otherwise by the call path. */
function createAnswer({
  site,
  descriptor,
  isCompiled,
}: WrapInput): (given: GivenKey, body: Body, args: readonly unknown[]) => unknown {
  const { core } = site;
  const lookup = (given: GivenKey): unknown => {
    if (!given.isTyped) return core.slow(undefined);
    if (descriptor.index !== 'n') return site.hit(...given.keyed);
    const place = core.typed.place(given.keyed);
    return place === undefined ? core.slow(undefined) : site.hit(place.key, ...given.keyed);
  };
  let isSync = isCompiled ? descriptor.sync === true : undefined;
  return (given, body, args) => {
    if (isSync === undefined && !isCapturing(core)) {
      // The first call of a function that was not compiled: only running it shows whether it returns a promise.
      const result = body();
      isSync = !(result instanceof Promise);
      core.becomeSync(isSync);
      return isSync ? runSync(core, args, () => result, given) : run(core, args, () => result, given);
    }
    const found = lookup(given);
    if (found !== undefined) return found;
    return isSync === true ? runSync(core, args, body, given) : run(core, args, body, given);
  };
}
