// What a hardened deployment asks for: no code from strings, no `__proto__`, no scripts at installation.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runChild } from '../helpers/run-child.ts';

test('everything works without code from strings and without __proto__', async () => {
  const { stdout, stderr, code } = await runChild(
    `
import { keygen } from './runtime/crypto/master-key.ts';
import { cacheOf, close, configure, flush } from './runtime/index.ts';
import { memoryBackend } from './runtime/testing/index.ts';
import { oneNumber } from './test/runtime/site/hand-written.ts';
configure({ backend: memoryBackend(), encryption: { masterKey: keygen() } });
const seen = [];
for (const changes of [{}, { profile: 'secure' }, { settings: { integrity: 'hmac' } }, { serializer: 'json' }, { value: undefined }]) {
  let runs = 0;
  const load = oneNumber(async (id) => ({ id, tags: [String(++runs)] }), { ...changes, settings: { ...changes.settings, l1: false } });
  for (let i = 0; i < 100 && (await cacheOf(load).peek(1)) === undefined; i++) { await load(1); await flush(); }
  const before = runs;
  await load(1);
  seen.push(runs === before && cacheOf(load).stats().l2Hits > 0);
}
await close();
let guarded = false;
try { new Function('return 1'); } catch { guarded = true; }
process.stdout.write(JSON.stringify({ seen, guarded }));
`,
    { NODE_OPTIONS: '--disallow-code-generation-from-strings --disable-proto=throw', NODE_NO_WARNINGS: '1' },
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ seen: [true, true, true, true, true], guarded: true });
  expect(code).toBe(0);
}, 120_000);

test.each(['runtime', 'transformer', 'plugins'])(
  'the package %s runs nothing when it is installed',
  (name) => {
    const manifest = JSON.parse(readFileSync(`${name}/package.json`, 'utf8')) as { scripts?: object };
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts ?? {}).filter((script) => hooks.includes(script))).toEqual([]);
  },
);
