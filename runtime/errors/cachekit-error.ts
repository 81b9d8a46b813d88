// The error class of the runtime. Its messages never contain keys, arguments, values or secrets.
import type { ErrorCode } from './catalogue.ts';

const BRAND: unique symbol = Symbol.for('cachekit.error') as never;

/** An error of cachekit. `instanceof` also works for errors of another copy of the package. */
export class CacheKitError extends Error {
  /** Stable code, `ERR_CACHEKIT_…`. */
  readonly code: ErrorCode;
  /** true: the same call may succeed later without a change of code or configuration. Default false. */
  readonly retryable: boolean;
  /** Path of the page with causes and fixes. */
  readonly docs: string;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(`${message} ${code}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CacheKitError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.docs = `docs/errors/${code}.md`;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== CacheKitError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
