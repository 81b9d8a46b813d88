// A context value that everything called inside a function can read, also after an `await`.
import type { AsyncLocalStorage } from 'node:async_hooks';

/** A lazy AsyncLocalStorage: loading `node:async_hooks` costs start-up time, and many programs never use it. */
export class AsyncScope<T> {
  #storage: AsyncLocalStorage<T> | undefined;

  /** Runs `inside` with this value as the current one. */
  run<R>(value: T, inside: () => R): R {
    this.#storage ??= new (asyncHooks().AsyncLocalStorage<T>)();
    return this.#storage.run(value, inside);
  }

  /** The value of the innermost `run` around the caller; undefined outside of any. */
  current(): T | undefined {
    return this.#storage?.getStore();
  }
}

/** Binds the function to the current scopes, so that it sees them wherever it is called later. */
export function keepScopes<R>(run: () => R): () => R {
  return asyncHooks().AsyncLocalStorage.bind(run);
}

/** Loaded on demand rather than imported; value/node-types.ts says why. */
const asyncHooks = () => process.getBuiltinModule('node:async_hooks');
