import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const entry = (path: string): string => fileURLToPath(new URL(`../../runtime/${path}`, import.meta.url));

/** Third-party packages that a fresh process has loaded after importing the file. */
function packagesOf(path: string, then = ''): string[] {
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
    process.stdout.write(JSON.stringify([...seen]));
  `;
  const args = ['--no-warnings', '--conditions=@cachekit/source', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[];
}

describe('importing the runtime', () => {
  it.each(['index.ts', 'emit/v1.ts'])('%s loads no package but lru-cache', (path) => {
    expect(packagesOf(path)).toEqual(['lru-cache']);
  });

  it('stays so while functions are cached in memory only', () => {
    const use = `
      module.configure({ backend: 'none' });
      const load = module.cached(async (id) => id);
      await load(1); await load(1);
    `;
    expect(packagesOf('index.ts', use)).toEqual(['lru-cache']);
  });
});
