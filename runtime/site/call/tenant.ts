// Whose entry a secure function stores, where its marker does not say.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { AsyncScope } from '../../flow/async-scope.ts';

const tenants = new AsyncScope<string>();

/**
 * Calls of secure functions inside `fn`, also after `await`, use entries of that tenant only.
 * @throws ERR_CACHEKIT_CONFIG unless it is a text
 */
export function runWithTenant<T>(tenant: string, fn: () => T): T {
  if (typeof tenant !== 'string' || tenant === '' || !tenant.isWellFormed())
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      'A tenant is a text that is not empty and has a UTF-8 form.',
    );
  return tenants.run(tenant, fn);
}

export function currentTenant(): string | undefined {
  return tenants.current();
}
