// All error codes of the runtime. A code is never reused. Pages: docs/errors/<code>.md.

/** Title of each error, and the code that cachekit for Python has for it, if any. */
export const ERROR_CODES = {
  ERR_CACHEKIT_CONFIG: { title: 'A setting has a value it cannot have', parent: 'E040, E041' },
  ERR_CACHEKIT_MASTER_KEY: { title: 'The master key is not usable', parent: 'E002' },
  ERR_CACHEKIT_NO_MASTER_KEY: { title: 'A secure function has no master key', parent: 'E001' },
  ERR_CACHEKIT_NO_TENANT: { title: 'A secure function has no tenant', parent: undefined },
  ERR_CACHEKIT_DECRYPT: { title: 'A stored entry does not open', parent: 'E003' },
  ERR_CACHEKIT_EMIT_VERSION: { title: 'Compiled for a newer runtime', parent: undefined },
  ERR_CACHEKIT_NOT_COMPILED: { title: 'This call of cached() needs the compiler', parent: undefined },
  ERR_CACHEKIT_NOT_CACHED: { title: 'cacheOf() was given a function that is not cached', parent: undefined },
  ERR_CACHEKIT_NEEDS_SELF: { title: 'The handle of this method needs an object', parent: undefined },
  ERR_CACHEKIT_UNKEYABLE: { title: 'These arguments have no key', parent: undefined },
  ERR_CACHEKIT_UNSTORABLE: { title: 'The value cannot be stored', parent: 'E020' },
  ERR_CACHEKIT_BACKEND: { title: 'A backend failed', parent: 'E010-E012, E060-E065' },
  ERR_CACHEKIT_INTEROP: { title: 'Not within interop/v1', parent: undefined },
  ERR_CACHEKIT_UNKNOWN_BACKEND: { title: 'The named backend is not configured', parent: undefined },
} as const satisfies Record<string, { readonly title: string; readonly parent: string | undefined }>;

/** Code of an error of the runtime. */
export type ErrorCode = keyof typeof ERROR_CODES;
