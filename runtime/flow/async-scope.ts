// A value that functions know which were called inside, also after `await`.
import type { AsyncLocalStorage } from 'node:async_hooks';

/** Made with its first use: many programs have none, and to load what Node needs for it takes as long as a small file. */
export class AsyncScope<T> {
  #storage: AsyncLocalStorage<T> | undefined;

  run<R>(value: T, inside: () => R): R {
    this.#storage ??= new (asyncHooks().AsyncLocalStorage<T>)();
    return this.#storage.run(value, inside);
  }

  /** Undefined outside. */
  current(): T | undefined {
    return this.#storage?.getStore();
  }
}

/** The function, called later from anywhere, knows what is known now. */
export function keepScopes<R>(run: () => R): () => R {
  return asyncHooks().AsyncLocalStorage.bind(run);
}

/** Not imported: see `value/node-types.ts`. */
const asyncHooks = () => process.getBuiltinModule('node:async_hooks');
