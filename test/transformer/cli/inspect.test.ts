// `cachekit inspect`: entries as the runtime stores them, whole and broken, plain and encrypted.
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FILE_NAME } from '../../../runtime/adapters/embedded/sqlite-file.ts';
import { createCipher } from '../../../runtime/crypto/aes-gcm.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { keygen, parseMasterKey } from '../../../runtime/crypto/master-key.ts';
import { createSigner } from '../../../runtime/crypto/signer.ts';
import { createVault } from '../../../runtime/crypto/vault.ts';
import { createEntryCodec } from '../../../runtime/envelope/entry-codec.ts';
import { createInteropCodec } from '../../../runtime/envelope/interop-codec.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { interopKey } from '../../../runtime/interop/index.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const KEY_TEXT = '1';
const secret = { name: 'Ada', at: new Date(0), long: 'x'.repeat(3000) };
const masterKey = keygen();

let project: SmallProject;

beforeAll(loadCodecs);
beforeEach(() => {
  project = smallProject({});
  symlinkSync(`${root}node_modules`, project.file('node_modules'));
});
afterEach(() => project.remove());

function entry({ sealed = false, signed = false, ageMs = 60_000, ttlMs = 3_600_000 } = {}) {
  const cipher = sealed ? createCipher(new KeyRing(parseMasterKey(masterKey))) : undefined;
  const codec = createEntryCodec({
    siteId: 'app/a#load',
    namespace: 'app',
    keyPrefix: 'ck1',
    versionText: 'v',
    shape: '0123456789abcdef',
    serializer: 'auto',
    compress: true,
    maxSizeBytes: 1e6,
    cipher,
    signer: signed ? createSigner(new KeyRing(parseMasterKey(masterKey))) : undefined,
  });
  const storedAtMs = Date.now() - ageMs;
  const times = { storedAtMs, softExpiryMs: storedAtMs + ttlMs, hardExpiryMs: storedAtMs + ttlMs };
  const encoded = codec.encode(KEY_TEXT, secret, { times, stamp: { inc: 0, born: 0 }, tags: [] });
  if (!encoded.ok) throw new Error(encoded.reason);
  return { bytes: Buffer.from(encoded.bytes), key: codec.storedKey(KEY_TEXT) };
}

function cli(
  args: readonly string[],
  { input = Buffer.alloc(0), env = {} }: { input?: Buffer; env?: NodeJS.ProcessEnv } = {},
) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${root}transformer/bin/cachekit.js`, 'inspect', ...args],
    {
      cwd: project.path,
      encoding: 'utf8',
      input,
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
    },
  );
  return { code: status, stdout, stderr };
}

describe('inspect', { timeout: 60_000 }, () => {
  it('shows the header of a file, and no value', () => {
    writeFileSync(project.file('entry.bin'), entry().bytes);
    const { code, stdout } = cli(['entry.bin']);
    expect(stdout).toMatch(/^body {8}\d+ bytes, 3\d\d\d before compression \(LZ4\)$/m);
    expect(stdout).toMatch(/^serializer {2}auto, tagged form$/m);
    expect(stdout).toMatch(/^protection {2}checksum/m);
    expect(stdout).toMatch(/^stored {6}\S+Z, 6\ds ago$/m);
    expect(stdout).toMatch(/^expires {5}\S+Z, in 35\d\ds$/m);
    expect(stdout).toMatch(/^shape {7}0123456789abcdef$/m);
    expect(stdout).toMatch(/^state {7}whole$/m);
    expect(stdout).not.toContain('Ada');
    expect(code).toBe(0);
  });

  it('shows the value with --decrypt', () => {
    const { code, stdout } = cli(['-', '--decrypt'], { input: entry().bytes });
    expect(stdout).toContain("name: 'Ada'");
    expect(stdout).toContain('at: 1970-01-01T00:00:00.000Z');
    expect(code).toBe(0);
  });

  it('takes what redis-cli prints, with the line end after it', () => {
    const { bytes } = entry();
    const printed = Buffer.concat([bytes, Buffer.from('\n')]);
    expect(cli(['-', '--decrypt'], { input: printed })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("name: 'Ada'"),
    });
    const cut = Buffer.concat([bytes.subarray(0, -2), Buffer.from('\n')]);
    expect(cli(['-'], { input: cut })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`size        ${cut.length} bytes\nstate       refused: checksum`),
    });
  });

  it('reads a key from the embedded store', () => {
    const { bytes, key } = entry();
    const db = new DatabaseSync(project.file(FILE_NAME));
    db.exec('CREATE TABLE entry(k TEXT PRIMARY KEY, v BLOB NOT NULL, exp INTEGER NOT NULL) WITHOUT ROWID');
    db.prepare('INSERT INTO entry VALUES (?, ?, ?)').run(key, bytes, Date.now() + 1e6);
    const other = `ck1:{${'A'.repeat(43)}}`;
    db.prepare('INSERT INTO entry VALUES (?, ?, ?)').run(other, bytes, Date.now() + 1e6);
    db.close();
    const env = { CACHEKIT_PATH: project.path };
    const { code, stdout, stderr } = cli([key, '--json'], { env });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      key,
      totalBytes: bytes.length,
      header: { serializer: 'auto' },
    });
    expect(JSON.parse(stdout)).not.toHaveProperty('value');
    expect(cli([other], { env })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('refused: other-key'),
    });
    expect(cli([`ck1:{${'B'.repeat(43)}}`], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no entry'),
    });
  });

  it.each([
    ['bytes of something else', () => Buffer.from('{"json":true}'), 'not-an-entry'],
    ['nothing', () => Buffer.alloc(0), 'not-an-entry'],
    ['a cut entry', () => entry().bytes.subarray(0, 120), 'checksum'],
    ['a flipped bit', () => flip(entry().bytes, 100), 'checksum'],
    ['another version', () => flip(entry().bytes, 4), 'version'],
    ['an old entry', () => entry({ ageMs: 7_200_000 }).bytes, 'expired'],
  ])('says why it would be refused: %s', (_what, bytes, reason) => {
    const { code, stdout } = cli(['-', '--decrypt'], { input: bytes() });
    expect(stdout).toContain(`state       refused: ${reason} (`);
    expect(code).toBe(1);
  });

  it('opens an encrypted entry only with key and call', () => {
    const { bytes } = entry({ sealed: true });
    const env = { CACHEKIT_MASTER_KEY: masterKey };
    const logical = (namespace: string) => [
      '--logical',
      JSON.stringify([namespace, 'app/a#load', 'v', KEY_TEXT]),
    ];
    const shut = cli(['-', '--decrypt'], { input: bytes });
    expect(shut).toMatchObject({ code: 0, stdout: expect.stringContaining('there is no master key') });
    expect(shut.stdout).toMatch(/^protection {2}AES-256-GCM, master key [0-9a-f]{16}$/m);
    expect(cli(['-', '--decrypt'], { input: bytes, env }).stdout).toContain('opens only with the four texts');
    expect(cli(['-', '--decrypt', ...logical('app')], { input: bytes, env }).stdout).toContain("name: 'Ada'");
    expect(cli(['-', ...logical('app')], { input: bytes, env }).stdout).not.toContain('Ada');
    expect(cli(['-', ...logical('other')], { input: bytes, env }).stdout).toContain('refused: tamper');
    expect(cli(['-'], { input: bytes, env: { CACHEKIT_MASTER_KEY: keygen() } }).stdout).toContain(
      'refused: unknown-key',
    );
  });

  it('takes an empty variable for one that is not set, as the runtime does', () => {
    writeFileSync(project.file('key'), masterKey);
    const { bytes, key } = entry({ sealed: true });
    const empty = { CACHEKIT_MASTER_KEY: '', CACHEKIT_BACKEND: '', CACHEKIT_REDIS_URL: '', REDIS_URL: '' };
    const env = { ...empty, CACHEKIT_MASTER_KEY_FILE: project.file('key'), CACHEKIT_PATH: project.path };
    const logical = ['--logical', JSON.stringify(['app', 'app/a#load', 'v', KEY_TEXT])];
    expect(cli(['-', '--decrypt', ...logical], { input: bytes, env }).stdout).toContain("name: 'Ada'");
    expect(cli([key], { env })).toMatchObject({ code: 1, stderr: `There is no entry under ${key}.\n` });
  });

  it('says that an entry is signed, and under which key', () => {
    const { stdout } = cli(['-'], { input: entry({ signed: true }).bytes });
    expect(stdout).toMatch(/^protection {2}HMAC-SHA-256, master key [0-9a-f]{16}$/m);
  });

  it('reads an entry of interop/v1 and the record beside it from the embedded store', () => {
    const vault = createVault(parseMasterKey(masterKey)).interop();
    const codec = createInteropCodec({ keyPrefix: 'ck1', maxSizeBytes: 1e6, value: undefined, vault });
    const key = interopKey('shop', 'get_user', [1]);
    const now = Date.now();
    const times = { storedAtMs: now, softExpiryMs: now + 6e5, hardExpiryMs: now + 6e5 };
    const facts = { times, stamp: { inc: 0, born: 0 }, tags: [] };
    const encoded = codec.encode(key, { name: 'Ada' }, facts);
    if (!encoded.ok || encoded.side === undefined) throw new Error('it can be stored');
    const db = new DatabaseSync(project.file(FILE_NAME));
    db.exec('CREATE TABLE entry(k TEXT PRIMARY KEY, v BLOB NOT NULL, exp INTEGER NOT NULL) WITHOUT ROWID');
    const insert = db.prepare('INSERT INTO entry VALUES (?, ?, ?)');
    insert.run(key, encoded.bytes, now + 6e5);
    insert.run(`ck1:s:{${key}}`, encoded.side, now + 6e5);
    db.close();
    const env = { CACHEKIT_PATH: project.path, CACHEKIT_MASTER_KEY: masterKey };
    const opened = cli([key, '--decrypt'], { env });
    expect(opened).toMatchObject({ code: 0, stderr: '' });
    expect(opened.stdout).toMatch(/^format {6}interop\/v1$/m);
    expect(opened.stdout).toMatch(/^protection {2}AES-256-GCM, master key [0-9a-f]{16}$/m);
    expect(opened.stdout).toMatch(/^record {6}fits the entry$/m);
    expect(opened.stdout).toContain("name: 'Ada'");
    expect(cli([key], { env }).stdout).not.toContain('Ada');
    const shut = cli([key, '--decrypt'], { env: { CACHEKIT_PATH: project.path } });
    expect(shut.stdout).toContain('cannot be told without its master key');
    expect(cli([key], { env: { ...env, CACHEKIT_MASTER_KEY: keygen() } })).toMatchObject({ code: 1 });
  });

  it('reads an entry of the Python library', () => {
    const file = new URL('../../../fixtures/vectors/python-frames.json', import.meta.url);
    const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { entries: { entry: string }[] };
    const input = Buffer.from(entries[0]?.entry ?? '', 'hex');
    const { code, stdout } = cli(['-', '--decrypt'], { input });
    expect(stdout).toMatch(/^format {6}the Python library$/m);
    expect(stdout).toMatch(/^serializer {2}default, msgpack$/m);
    expect(stdout).toMatch(/^state {7}well formed; its checksum \(XXH3\) was not computed$/m);
    expect(stdout).toContain("name: 'cachekit'");
    expect(code).toBe(0);
  });

  it.each([
    ['neither file nor key', ['nothing.bin'], {}],
    ['a logical key of three texts', ['-', '--logical', '["a","b","c"]'], {}],
    ['a backend that keeps nothing', [`ck1:{${'A'.repeat(43)}}`], { CACHEKIT_BACKEND: 'memory' }],
  ])('ends with 2: %s', (_what, args, env) => {
    expect(cli(args, { input: entry().bytes, env })).toMatchObject({ code: 2 });
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
  return bytes;
}
