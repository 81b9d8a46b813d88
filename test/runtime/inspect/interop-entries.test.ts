// Entries of interop/v1 as `cachekit inspect` sees them: plain, encrypted, and with the record beside them.
import { describe, expect, it } from 'vitest';
import { keygen, parseMasterKey } from '../../../runtime/crypto/master-key.ts';
import { createVault } from '../../../runtime/crypto/vault.ts';
import { createInteropCodec } from '../../../runtime/envelope/interop-codec.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { inspectEntry, isInteropKey } from '../../../runtime/inspect/index.ts';
import { encodeInterop, interopKey } from '../../../runtime/interop/index.ts';

await loadCodecs();

const key = interopKey('shop', 'get_user', [1]);
const value = { id: 1, name: 'Ada' };
const times = { storedAtMs: 1000, softExpiryMs: 2000, hardExpiryMs: 3000 };
const facts = { times, stamp: { inc: 1, born: 2 }, tags: [] };
const masterKey = keygen();

function stored(masterKeyText?: string) {
  const vault =
    masterKeyText === undefined ? undefined : createVault(parseMasterKey(masterKeyText)).interop();
  const codec = createInteropCodec({ keyPrefix: 'ck1', maxSizeBytes: 1e6, value: undefined, vault });
  const encoded = codec.encode(key, value, facts);
  if (!encoded.ok) throw new Error(encoded.reason);
  return { bytes: encoded.bytes, record: encoded.side };
}

describe('a plain entry', () => {
  const { bytes, record } = stored();

  it('is whole, and its record says when it was stored', async () => {
    expect(await inspectEntry(bytes, { nowMs: 2000, key, record, open: true })).toMatchObject({
      refused: undefined,
      interop: { protection: 'none', record: 'fits', times },
      value,
    });
  });

  it('is of another library without a record, or with one about other bytes', async () => {
    expect(await inspectEntry(bytes, { nowMs: 0, key })).toMatchObject({ interop: { record: 'none' } });
    const other = encodeInterop({ id: 2 });
    expect(await inspectEntry(other, { nowMs: 0, key, record })).toMatchObject({
      refused: undefined,
      interop: { record: 'other' },
    });
  });

  it('is gone when its record says so', async () => {
    expect((await inspectEntry(bytes, { nowMs: 3000, key, record })).refused).toBe('expired');
  });

  it('is recognised without a key too, and shows its value only when asked', async () => {
    const report = await inspectEntry(bytes, { nowMs: 0 });
    expect(report).toMatchObject({ refused: undefined, interop: { protection: 'none', record: 'none' } });
    expect(report).not.toHaveProperty('value');
  });
});

describe('an encrypted entry', () => {
  const { bytes, record } = stored(masterKey);
  const ask = (masterKeys: readonly string[], changed = bytes) =>
    inspectEntry(changed, { nowMs: 2000, key, record, masterKeys, open: true });

  it('opens with its master key and the key of the call, and names it', async () => {
    const report = await ask([masterKey]);
    expect(report).toMatchObject({
      refused: undefined,
      interop: { protection: 'encrypted', record: 'fits' },
      value,
    });
    expect(report.interop?.keyId).toBe(createVault(parseMasterKey(masterKey)).keyId);
  });

  it('opens with a previous key', async () => {
    expect(await ask([keygen(), masterKey])).toMatchObject({ interop: { protection: 'encrypted' }, value });
  });

  it('cannot be told from a damaged one without a key', async () => {
    expect(await ask([])).toMatchObject({
      refused: undefined,
      interop: { protection: 'unknown' },
      unopened: expect.stringContaining('encrypted, or damaged') as string,
    });
  });

  it('is refused when changed, cut, or under another key', async () => {
    const changed = Buffer.from(bytes);
    changed[20] = changed.readUInt8(20) ^ 1;
    expect(await ask([masterKey], changed)).toMatchObject({ refused: 'tamper' });
    expect(await ask([masterKey], bytes.subarray(0, 20))).toMatchObject({ refused: 'decode' });
    expect(await ask([keygen()])).toMatchObject({ refused: 'tamper' });
    const moved = { nowMs: 0, key: interopKey('shop', 'get_user', [2]), masterKeys: [masterKey] };
    expect(await inspectEntry(bytes, moved)).toMatchObject({ refused: 'tamper' });
  });
});

describe('isInteropKey', () => {
  it.each([key, `a:b:${'0'.repeat(64)}`])('takes %s', (text) => expect(isInteropKey(text)).toBe(true));
  it.each(['', 'ck1:{x}', `a:b:${'0'.repeat(63)}`, `A:b:${'0'.repeat(64)}`, `a:b:${'0'.repeat(64)}\n`])(
    'does not take %j',
    (text) => expect(isInteropKey(text)).toBe(false),
  );
});

it.each(['', '{"json":true}', 'CK', '\u00c1'])('%j is not an entry', async (text) => {
  expect((await inspectEntry(Buffer.from(text, 'latin1'), { nowMs: 0 })).refused).toBe('not-an-entry');
});
