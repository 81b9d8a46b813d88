// What a backend says when it fails. Kinds decide what the guard does: reliability/guard-backend.ts.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** timeout and transient count for the circuit breaker; permanent does not; auth means misconfigured. */
export type BackendErrorKind = 'timeout' | 'transient' | 'permanent' | 'auth';

/** For own backends: throw it to say what kind of failure it was. Any other error counts as transient. */
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

  /** One of another copy of the package says its kind as well. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== BackendError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof CacheKitError && value.code === 'ERR_CACHEKIT_BACKEND' && 'kind' in value;
  }
}
