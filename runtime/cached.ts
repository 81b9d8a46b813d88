// `cached(fn, options)`: wraps functions that a comment cannot mark. The compiler adds a descriptor. Without the
// compiler the function is cached in memory only, with keys and copies made at run time.
import type { AnyFunction, CachedOptions, CacheOptions } from './config/cache-options.ts';
import { checkOptions } from './config/check-config.ts';
import { isProfile } from './config/profiles.ts';
import type { CacheDescriptor } from './contract/cache-descriptor.ts';
import type { EffectiveProfile, Profile } from './contract/settings.ts';
import { CacheKitError } from './errors/cachekit-error.ts';
import { notice } from './observe/notice.ts';
import { createSite, registrationOf } from './site/create-site.ts';
import type { CacheHandle } from './site/handle/cache-handle.ts';
import { registry } from './site/registry.ts';
import { wrapFunction } from './site/wrap-function.ts';

/** The cached function, with its handle as `cache`. */
export type Cached<F extends AnyFunction> = F & { readonly cache: CacheHandle<F> };

/** Caches a function with the profile of that name. */
type Mark = <F extends AnyFunction>(fn: F, options?: CacheOptions<F>) => Cached<F>;

/** The public type of `cached`. Its implementation also takes the two arguments that the compiler adds. */
type CachedFunction = { readonly [P in Profile]: Mark } & (<F extends AnyFunction>(
  fn: F,
  options?: CachedOptions<F>,
) => Cached<F>);

/** Added by the compiler: makes the descriptor. */
type Thunk = () => CacheDescriptor;

interface Parts {
  readonly profile: string | undefined;
  readonly options: CacheOptions;
}

/** Number of functions cached without the compiler: part of their ids. */
let uncompiled = 0;

/**
 * Caches a function. `cached.production(fn)` and so on choose the profile.
 * @throws ERR_CACHEKIT_CONFIG for an unknown option or a value it cannot have
 * @throws ERR_CACHEKIT_NOT_COMPILED without the compiler, for `secure` and for profiles that only the build knows
 */
export const cached: CachedFunction = Object.assign(
  (fn: AnyFunction, options?: CachedOptions, thunk?: Thunk, captured?: readonly unknown[]) =>
    mark(fn, options, undefined, thunk, captured),
  Object.fromEntries(
    (['minimal', 'production', 'secure', 'dev', 'test', 'local'] as const).map((profile) => [
      profile,
      (fn: AnyFunction, options?: CacheOptions, thunk?: Thunk, captured?: readonly unknown[]) =>
        mark(fn, options, profile, thunk, captured),
    ]),
  ),
) as unknown as CachedFunction; // the signatures here also have the arguments that the compiler adds

function mark(
  fn: AnyFunction,
  given: CachedOptions | undefined,
  named: Profile | undefined,
  thunk: Thunk | undefined,
  captured: readonly unknown[] = [],
): AnyFunction {
  const { profile, options } = split(given, named);
  const isCompiled = thunk !== undefined;
  const descriptor = isCompiled ? compiledDescriptor(thunk(), options) : bareDescriptor(fn, profile, options);
  const site = createSite(
    descriptor,
    isCompiled ? withoutKey(options) : withoutKey({ ...options, backend: 'none' }),
  );
  const perObject = options.self === 'instance';
  const wrapper = wrapFunction({ fn, site, descriptor, captured, key: options.key, perObject, isCompiled });
  registry().byFunction.set(wrapper, registrationOf(site));
  return wrapper;
}

function split(given: CachedOptions = {}, named: Profile | undefined): Parts {
  const { profile = named, ...options } = given;
  checkOptions(options);
  if (named !== undefined && profile !== named) {
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      `cached.${named}() has another \`profile\` in its options.`,
    );
  }
  return { profile, options };
}

/**
 * The descriptor without `raw` and `fn`, which do not apply to a wrapper. With a `key` callback it has no key functions
 * either, since those were generated for the parameters.
 */
function compiledDescriptor(descriptor: CacheDescriptor, options: CacheOptions): CacheDescriptor {
  const { keys, pick, raw: _raw, fn: _fn, ...rest } = descriptor;
  if (options.key !== undefined) return { ...rest, index: 1 };
  return { ...rest, ...(keys === undefined ? {} : { keys }), ...(pick === undefined ? {} : { pick }) };
}

/** The descriptor of a function that was not compiled. */
function bareDescriptor(
  fn: AnyFunction,
  profile: string | undefined,
  options: CacheOptions,
): CacheDescriptor {
  const name = options.name ?? (fn.name || 'a function');
  if (profile === 'secure' || (profile !== undefined && !isProfile(profile))) {
    throw new CacheKitError(
      'ERR_CACHEKIT_NOT_COMPILED',
      `cached() of \`${name}\` with profile \`${profile}\` works only compiled: add the cachekit plugin to the build.`,
    );
  }
  notice(
    'CACHEKIT_NOT_COMPILED',
    `cached() of \`${name}\` was not compiled: it is cached in memory only, with slower keys. Add the cachekit plugin to the build.`,
  );
  uncompiled++;
  return {
    v: 1,
    id: options.name ?? `uncompiled#${uncompiled}:${fn.name}`,
    profile: (profile ?? 'default') as EffectiveProfile, // isProfile was checked
    package: 'app',
    settings: {},
    shape: '0'.repeat(16),
    code: String(uncompiled),
    serializer: 'auto',
    index: 'n',
  };
}

/** Options for the site: the wrapper itself applies `key`. */
function withoutKey({ key: _key, ...options }: CacheOptions): CacheOptions {
  return options;
}
