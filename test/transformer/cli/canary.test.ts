// The command line shows no secret of the environment, nor of an entry that it was not asked to open.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCipher } from '../../../runtime/crypto/aes-gcm.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { parseMasterKey } from '../../../runtime/crypto/master-key.ts';
import { createEntryCodec } from '../../../runtime/envelope/entry-codec.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const CANARY = 'canary-5f2c9e';
const [keyBytes, oldKeyBytes] = [randomBytes(32), randomBytes(32)];
const keyText = `ck1_${keyBytes.toString('base64url')}`;
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64').replaceAll('=', ''),
  Buffer.from(CANARY).toString('hex'),
  ...[keyBytes, oldKeyBytes].flatMap((bytes) => [bytes.toString('base64url'), bytes.toString('hex')]),
];
const env = {
  PATH: process.env['PATH'],
  NODE_NO_WARNINGS: '1',
  CACHEKIT_MASTER_KEY: keyText,
  CACHEKIT_PREVIOUS_MASTER_KEYS: oldKeyBytes.toString('hex'),
  CACHEKIT_REDIS_URL: `redis://user:${CANARY}@127.0.0.1:1/0`,
};

let project: SmallProject;
beforeAll(async () => {
  await loadCodecs();
  project = smallProject({
    'user.ts':
      '/** @cache.secure ttl=5m */\nexport async function loadUser(id: number): Promise<string> { return `${id}`; }\n',
  });
  symlinkSync(`${root}node_modules`, project.file('node_modules'));
  for (const [name, sealed] of [
    ['plain.bin', false],
    ['sealed.bin', true],
  ] as const)
    writeFileSync(project.file(name), entry(sealed));
  writeFileSync(project.file('text.bin'), `{"secret":"${CANARY}"}`);
  writeFileSync(
    project.file('python.bin'),
    Buffer.concat([Buffer.from('434b0300000002', 'hex'), Buffer.from(`{}${CANARY}`)]),
  );
});
afterAll(() => project.remove());

function entry(sealed: boolean): Uint8Array {
  const codec = createEntryCodec({
    siteId: 'app/a#load',
    namespace: 'app',
    keyPrefix: 'ck1',
    versionText: 'v',
    shape: '0123456789abcdef',
    serializer: 'std',
    compress: false,
    maxSizeBytes: 1e6,
    cipher: sealed ? createCipher(new KeyRing(parseMasterKey(keyText))) : undefined,
  });
  const storedAtMs = Date.now();
  const times = { storedAtMs, softExpiryMs: storedAtMs + 1e6, hardExpiryMs: storedAtMs + 1e6 };
  const encoded = codec.encode(CANARY, { name: CANARY }, { times, stamp: { inc: 0, born: 0 }, tags: [] });
  if (!encoded.ok) throw new Error(encoded.reason);
  return encoded.bytes;
}

function shown(args: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, [`${root}transformer/bin/cachekit.js`, ...args], {
    cwd: project.path,
    encoding: 'utf8',
    env: { ...env, ...more },
  });
  return stdout + stderr;
}

describe('the command line', { timeout: 120_000 }, () => {
  it.each([
    ['check'],
    ['ls'],
    ['ls', '--json'],
    ['explain', 'loadUser'],
    ['explain', 'loadUser', '--json'],
    ['verify', '.'],
    ['doctor'],
    ['doctor', '--json'],
    ['inspect', 'plain.bin'],
    ['inspect', 'plain.bin', '--json'],
    ['inspect', 'sealed.bin', '--json'],
    ['inspect', 'sealed.bin', '--decrypt'],
    ['inspect', 'sealed.bin', '--decrypt', '--logical', '["another","app/a#load","v","text"]'],
    ['inspect', 'text.bin', '--decrypt'],
    ['inspect', 'python.bin', '--decrypt'],
    ['inspect', `ck1:{${'A'.repeat(43)}}`],
  ])('%s %s shows none', (...args) => {
    const text = shown(args);
    expect(text.length).toBeGreaterThan(10);
    for (const form of FORMS) expect(text).not.toContain(form);
  });

  it.each([['doctor'], ['inspect', 'sealed.bin']])(
    '%s says that a key is none without showing it',
    (...args) => {
      const text = shown(args, { CACHEKIT_MASTER_KEY: `${CANARY}-not-a-key` });
      expect(text).toMatch(/master key/i);
      for (const form of FORMS) expect(text).not.toContain(form);
    },
  );

  it('shows the value when asked, so the rest is discretion', () => {
    expect(shown(['inspect', 'plain.bin', '--decrypt'])).toContain(CANARY);
    const logical = JSON.stringify(['app', 'app/a#load', 'v', CANARY]);
    expect(shown(['inspect', 'sealed.bin', '--decrypt', '--logical', logical])).toContain(CANARY);
  });
});
