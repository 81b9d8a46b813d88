// The default folder of the embedded store.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { storeFolder } from '../../../runtime/config/store-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cachekit-store-folder-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('in a project it is in its node_modules', () => {
  const inner = path.join(root, 'src', 'deep');
  mkdirSync(inner, { recursive: true });
  writeFileSync(path.join(root, 'package.json'), '{}');
  expect(storeFolder(inner, {})).toBe(path.join(root, 'node_modules', '.cache', 'cachekit'));
});

test('without a project it is in the cache folder of the user', () => {
  expect(storeFolder('/', { XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/cachekit');
  expect(storeFolder('/', {})).toBe(path.join(homedir(), '.cache', 'cachekit'));
});

test('an empty variable is one that is not set: the folder never depends on where the process was started', () => {
  const env = { XDG_CACHE_HOME: '', LOCALAPPDATA: '' };
  expect(storeFolder('/', env)).toBe(path.join(homedir(), '.cache', 'cachekit'));
});
