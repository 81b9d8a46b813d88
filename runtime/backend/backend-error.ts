// The error a backend throws. Its kind decides how the guard reacts (reliability/backend-health.ts).
import { CacheKitError } from '../errors/cachekit-error.ts';

/**
 * `timeout` and `transient` count as failures for the circuit breaker. `permanent` is about one value and counts for
 * writes only. `auth` means that the backend is misconfigured (a refused password or permission).
 */
export type BackendErrorKind = 'timeout' | 'transient' | 'permanent' | 'auth';

/** For custom backends: throw it to tell what kind of failure occurred. Any other error counts as `transient`. */
export class BackendError extends CacheKitError {
  readonly kind: BackendErrorKind;

  constructor(kind: BackendErrorKind, message: string, options: { cause?: unknown } = {}) {
    super('ERR_CACHEKIT_BACKEND', message, {
      ...options,
      retryable: kind === 'timeout' || kind === 'transient',
    });
    this.name = 'BackendError';
    this.kind = kind;
  }

  /** `instanceof` also accepts a BackendError made by another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== BackendError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof CacheKitError && value.code === 'ERR_CACHEKIT_BACKEND' && 'kind' in value;
  }
}
