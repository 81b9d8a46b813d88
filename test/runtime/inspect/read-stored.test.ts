// Where `cachekit inspect` looks for the embedded store: in the same folder as the application.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { embeddedBackend } from '../../../runtime/adapters/embedded/sqlite-backend.ts';
import { storeFolder } from '../../../runtime/config/store-folder.ts';
import { readStored } from '../../../runtime/inspect/read-stored.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'cachekit-read-stored-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('an empty CACHEKIT_PATH is one that is not set', async () => {
  writeFileSync(path.join(cwd, 'package.json'), '{}');
  const backend = embeddedBackend({ path: storeFolder(cwd, {}) });
  await backend.set('key', Buffer.from('bytes'), 60_000, AbortSignal.timeout(5000));
  await backend.close?.();
  for (const env of [{}, { CACHEKIT_PATH: '' }]) {
    const bytes = await readStored('key', 'embedded', { cwd, env });
    expect(Buffer.from(bytes ?? []).toString()).toBe('bytes');
  }
});
