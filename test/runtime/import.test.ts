import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const entry = (path: string): string => fileURLToPath(new URL(`../../runtime/${path}`, import.meta.url));

interface Loaded {
  /** From the registry. */
  readonly packages: readonly string[];
  /** Slow parts of Node. */
  readonly parts: readonly string[];
}

/** What a fresh process has loaded after importing the file. */
function loadedBy(path: string, then = ''): Loaded {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ load(url, context, next) {
      const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
      if (name !== undefined && name !== 'cachekit') seen.add(name);
      return next(url, context);
    } });
    const module = await import(${JSON.stringify(entry(path))});
    ${then}
    const slow = [
      'crypto', 'internal/crypto/webcrypto', 'internal/util/diff', 'perf_hooks', 'sqlite', 'worker_threads', 'net', 'fs/promises',
      'internal/async_local_storage',
    ];
    const modules = process.moduleLoadList.map((name) => name + '/');
    const parts = slow.filter((name) => modules.some((one) => one.startsWith('NativeModule ' + name + '/')));
    process.stdout.write(JSON.stringify({ packages: [...seen], parts }));
  `;
  const args = ['--no-warnings', '--conditions=@cachekit/source', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Loaded;
}

describe('importing the runtime', () => {
  it.each([
    'index.ts',
    'emit/v1.ts',
    'site/tier/second-tier.ts',
    'adapters/redis/index.ts',
    'adapters/embedded/sqlite-backend.ts',
    'interop/index.ts',
  ])('%s loads no package and no slow part of Node', (path) => {
    expect(loadedBy(path)).toEqual({ packages: [], parts: [] });
  });

  it('loads no package while functions are cached in memory only', () => {
    const use = `
      module.configure({ backend: 'none' });
      const load = module.cached(async (id) => id);
      await load(1); await load(1);
    `;
    expect(loadedBy('index.ts', use).packages).toEqual([]);
  });
});
