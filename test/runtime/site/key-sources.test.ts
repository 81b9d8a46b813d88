// Where master keys come from: variable, file, code; and what is said when one cannot be used.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { keygen, parseMasterKey } from '../../../runtime/crypto/master-key.ts';
import { createVault } from '../../../runtime/crypto/vault.ts';
import { configure, flush } from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

const folder = mkdtempSync(join(tmpdir(), 'cachekit-keys-'));
const file = join(folder, 'key');

beforeAll(() => {
  return () => rmSync(folder, { recursive: true });
});
beforeAll(warmTier);
beforeEach(resetCacheKit);
afterEach(() => vi.unstubAllEnvs());

function environment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  forgetEnvironment();
}

const keyIdOf = (text: string): string => createVault(parseMasterKey(text)).keyId;

/** Public name of the key under which a secure function writes. */
async function writtenUnder(): Promise<string | undefined> {
  const audit = recordEvents('cachekit:audit');
  configure({ backend: memoryBackend() });
  await oneNumber(async () => 'x', { profile: 'secure', value: textValue })(1);
  await flush();
  audit.stop();
  return audit.events.find(({ action }) => action === 'write')?.keyId;
}

const call = (): Promise<string> => oneNumber(async () => 'x', { profile: 'secure', value: textValue })(1);

describe('the master key', () => {
  it('comes from the variable, as hex too', async () => {
    const key = keygen();
    const hex = Buffer.from(key.slice(4), 'base64url').toString('hex');
    environment({ CACHEKIT_MASTER_KEY: hex });
    expect(await writtenUnder()).toBe(keyIdOf(key));
  });

  it('comes from a file, whose last line may end', async () => {
    const key = keygen();
    writeFileSync(file, `${key}\n`, { mode: 0o600 });
    environment({ CACHEKIT_MASTER_KEY_FILE: file });
    const notices = recordEvents('cachekit:notice');
    expect(await writtenUnder()).toBe(keyIdOf(key));
    notices.stop();
    expect(notices.events.map(({ code }) => code)).not.toContain('CACHEKIT_KEY_FILE_MODE');
  });

  it('comes from a file that others can read, and that is said', async () => {
    const key = keygen();
    writeFileSync(file, key);
    chmodSync(file, 0o644);
    environment({ CACHEKIT_MASTER_KEY_FILE: file });
    const notices = recordEvents('cachekit:notice');
    expect(await writtenUnder()).toBe(keyIdOf(key));
    notices.stop();
    expect(notices.events).toMatchObject([{ code: 'CACHEKIT_KEY_FILE_MODE' }]);
    expect(inspect(notices.events)).not.toContain(key.slice(4, 20));
  });

  it('of the code comes before that of the environment', async () => {
    const key = keygen();
    environment({ CACHEKIT_MASTER_KEY: keygen() });
    configure({ encryption: { masterKey: () => key } });
    expect(await writtenUnder()).toBe(keyIdOf(key));
  });

  it.each([
    ['a file that is not there', join(folder, 'none'), undefined],
    ['an empty file', file, ''],
    ['a file with something else', file, 'canary-not-a-key'],
  ])('cannot come from %s: secure calls reject, and nothing of it is shown', async (_what, path, text) => {
    if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
    environment({ CACHEKIT_MASTER_KEY_FILE: path });
    configure({ backend: 'none' });
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_CACHEKIT_MASTER_KEY' });
    expect(inspect(error)).not.toMatch(/canary|cachekit-keys/);
  });

  it('has at most three before it', () => {
    const four = Array.from({ length: 4 }, keygen);
    expect(() =>
      configure({ encryption: { masterKey: keygen(), previousMasterKeys: four.slice(1) } }),
    ).not.toThrow();
    expect(() => configure({ encryption: { masterKey: keygen(), previousMasterKeys: four } })).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }),
    );
  });
});
