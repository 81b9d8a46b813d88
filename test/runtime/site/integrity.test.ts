// `integrity: 'hmac'`: plain entries that nobody without the master key can make or change.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { ephemeralKey, keygen } from '../../../runtime/crypto/master-key.ts';
import { createSigner } from '../../../runtime/crypto/signer.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { cacheOf, checkHealth, configure, flush } from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { ada, encodeOrFail, keyText, nowMs, personCodec, vectorCipher } from '../envelope/samples.ts';
import { gate, oneNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

await loadCodecs();
beforeAll(warmTier);
beforeEach(resetCacheKit);
afterEach(() => vi.unstubAllEnvs());

const signedBy = (ring: KeyRing) => personCodec({ signer: createSigner(ring) });

describe('a signed entry', () => {
  const key = ephemeralKey();
  const codec = signedBy(new KeyRing(key));
  const entry = Buffer.from(encodeOrFail(codec, ada));

  it('is read again, and is 120 bytes longer than its body', () => {
    expect(codec.decode(keyText, entry, nowMs)).toMatchObject({ ok: true, value: ada });
    expect(entry.length - entry.readUInt32LE(84)).toBe(120);
    expect(entry[6]).toBe(2);
    expect(entry.includes('Ada Lovelace')).toBe(true); // not encrypted
  });

  it('is refused after any change of a bit and any cut', () => {
    const accepted: string[] = [];
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const changed = Buffer.from(entry);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (codec.decode(keyText, changed, nowMs).ok) accepted.push(`bit ${bit}`);
    }
    for (let end = 0; end < entry.length; end++)
      if (codec.decode(keyText, entry.subarray(0, end), nowMs).ok) accepted.push(`cut ${end}`);
    expect(accepted).toEqual([]);
  });

  it('is not the entry of another call, namespace, function or version', () => {
    for (const other of [{ namespace: 'other' }, { siteId: 'other' }, { versionText: 'other' }]) {
      const reader = personCodec({ signer: createSigner(new KeyRing(key)), ...other });
      expect(reader.decode(keyText, entry, nowMs)).toEqual({ ok: false, reason: 'other-key' });
      // With the right tag in its header its MAC is over another call.
      const moved = Buffer.from(entry);
      Buffer.from(encodeOrFail(reader, ada)).copy(moved, 64, 64, 80);
      expect(reader.decode(keyText, moved, nowMs)).toEqual({ ok: false, reason: 'tamper' });
    }
  });

  it('is unknown-key under another key, and read under a previous one', () => {
    const newer = ephemeralKey();
    expect(signedBy(new KeyRing(newer)).decode(keyText, entry, nowMs)).toEqual({
      ok: false,
      reason: 'unknown-key',
    });
    expect(signedBy(new KeyRing(newer, [key])).decode(keyText, entry, nowMs)).toMatchObject({ value: ada });
  });

  it('does not come from a weaker one, nor is it taken for another kind', () => {
    const plain = encodeOrFail(personCodec(), ada);
    expect(codec.decode(keyText, plain, nowMs)).toEqual({ ok: false, reason: 'tamper' });
    expect(personCodec().decode(keyText, entry, nowMs)).toEqual({ ok: false, reason: 'version' });
    const sealed = personCodec({ cipher: vectorCipher() });
    expect(sealed.decode(keyText, entry, nowMs)).toEqual({ ok: false, reason: 'tamper' });
    expect(codec.decode(keyText, encodeOrFail(sealed, ada), nowMs)).toEqual({ ok: false, reason: 'version' });
  });
});

describe("a function with integrity: 'hmac'", () => {
  const settings = { integrity: 'hmac' } as const;
  const texts = (changes: object = {}) => {
    let runs = 0;
    return oneNumber(async () => `run ${++runs}`, { value: textValue, settings, ...changes });
  };
  const never = new AbortController().signal;

  it('stores signed entries and takes no others', async () => {
    const backend = memoryBackend();
    const encryption = { masterKey: keygen() };
    configure({ backend, encryption });
    const load = texts();
    const unsigned = oneNumber(async () => 'forged', { ...load.descriptor, settings: {} });
    await load(1);
    await unsigned(2);
    await flush();
    configure({ encryption });
    expect(await load(1)).toBe('run 1');
    const discards = recordEvents('cachekit:discard');
    expect(await load(2)).toBe('run 2');
    discards.stop();
    expect(discards.events).toMatchObject([{ reason: 'tamper' }]);
    expect((await backend.get(cacheOf(load).key(1), never))?.[6]).toBe(2);
  });

  it('keeps its entries through a rotation of keys', async () => {
    const [old, fresh] = [keygen(), keygen()];
    configure({ backend: memoryBackend(), encryption: { masterKey: old } });
    const load = texts();
    await load(1);
    await flush();
    configure({ encryption: { masterKey: fresh, previousMasterKeys: [old] } });
    expect(await load(1)).toBe('run 1');
    configure({ encryption: { masterKey: fresh } });
    expect(await load(1)).toBe('run 2');
  });

  it('is cached in memory only without a master key, and it is said', async () => {
    const notices = recordEvents('cachekit:notice');
    const backend = memoryBackend();
    const set = vi.spyOn(backend, 'set');
    configure({ backend });
    const load = texts();
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 1']);
    await flush();
    notices.stop();
    expect(set).not.toHaveBeenCalled();
    expect(await backend.get(cacheOf(load).key(1), never)).toBeUndefined();
    expect(notices.events).toMatchObject([{ code: 'CACHEKIT_NO_INTEGRITY_KEY' }]);
  });

  it('runs uncached with a key that is not there yet or not usable: it never rejects', async () => {
    const key = gate<string>();
    configure({ backend: memoryBackend(), encryption: { masterKey: () => key.promise } });
    const load = texts();
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
    key.open(keygen());
    await key.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect([await load(1), await load(1)]).toEqual(['run 3', 'run 3']);
    vi.stubEnv('CACHEKIT_MASTER_KEY', 'not a key');
    forgetEnvironment();
    configure({ encryption: {} });
    expect([await load(1), await load(1)]).toEqual(['run 4', 'run 5']);
    expect((await checkHealth()).status).not.toBe('unhealthy');
  });
});
