// Two copies of the package in one process, as npm installs them for two versions that do not fit: one configuration,
// one set of functions, one bus; memory and connections for each. In a process of its own, on a real second copy.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linkedFolder, type LinkedFolder } from '../../helpers/linked-folder.ts';
import { runChild } from '../../helpers/run-child.ts';

const runtime = fileURLToPath(new URL('../../../runtime', import.meta.url));

let root: LinkedFolder;
let other: string;
beforeAll(() => {
  root = linkedFolder('two-copies');
  other = join(root.path, 'runtime');
  cpSync(runtime, other, { recursive: true, filter: (path) => !/[\\/](?:dist|node_modules)$/.test(path) });
});
afterAll(() => root.remove());

it('share configuration, handles, invalidations, errors and channels, and say that they are two', async () => {
  const second = pathToFileURL(join(other, 'index.ts')).href;
  const { code, stdout, stderr } = await runChild(
    `
    const a = await import('./runtime/index.ts');
    const b = await import(${JSON.stringify(second)});
    const heard = [];
    b.subscribe('cachekit:run', (event) => heard.push(event.site));
    let runs = 0;
    const make = (copy, tags) => copy.cached(async (id) => ({ id, run: ++runs }), { name: 'load-' + (copy === a ? 'a' : 'b'), tags });
    b.configure({ backend: 'memory', enabled: false });
    const fromA = make(a, ['t']);
    const disabledByB = [(await fromA(1)).run, (await fromA(1)).run];
    b.configure({ enabled: true });
    const cachedAgain = [(await fromA(1)).run, (await fromA(1)).run];
    const fromB = make(b, ['t']);
    await fromB(1);
    const handles = [b.cacheOf(fromA).id, a.cacheOf(fromB).id];
    await b.cacheOf(fromA).invalidate(1);
    const afterInvalidate = (await fromA(1)).run;
    await a.invalidateTags('t');
    const afterTags = [(await fromA(1)).run, (await fromB(1)).run];
    let crossed;
    try { b.configure({ zzz: 1 }); } catch (error) { crossed = [error instanceof a.CacheKitError, error instanceof b.CacheKitError]; }
    const own = new a.BackendError('timeout', 'x') instanceof b.BackendError;
    await b.close();
    const closed = [(await fromA(1)).run, (await fromA(1)).run];
    console.log(JSON.stringify({ disabledByB, cachedAgain, handles, afterInvalidate, afterTags, crossed, own, closed, heard: [...new Set(heard)] }));
    `,
    { NODE_ENV: 'test' },
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    disabledByB: [1, 2],
    cachedAgain: [3, 3],
    handles: ['load-a', 'load-b'],
    afterInvalidate: 5,
    afterTags: [6, 7],
    crossed: [true, true],
    own: true,
    closed: [8, 9],
    heard: ['load-a', 'load-b'],
  });
  expect(stderr).toContain('CACHEKIT_TWO_COPIES');
  expect(stderr).toContain(other);
});
