// `runWithTenant()`: the tenant of secure functions that have no `tenant` option of their own.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { AsyncScope } from '../../flow/async-scope.ts';

const tenants = new AsyncScope<string>();

/**
 * Calls of secure functions inside `fn`, also after `await`, only use entries of that tenant.
 * @throws ERR_CACHEKIT_CONFIG unless `tenant` is a non-empty, well-formed string
 */
export function runWithTenant<T>(tenant: string, fn: () => T): T {
  if (typeof tenant !== 'string' || tenant === '' || !tenant.isWellFormed())
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      'A tenant is a text that is not empty and has a UTF-8 form.',
    );
  return tenants.run(tenant, fn);
}

/** The tenant of the scope; undefined outside of any. */
export function currentTenant(): string | undefined {
  return tenants.current();
}
