// Documents of interop/v1, their encrypted form, and the record beside an entry.
import { createSecretKey, createHmac } from 'node:crypto';
import { readRecord, writeRecord } from '../../../runtime/envelope/interop-record.ts';
import { CacheKitError } from '../../../runtime/errors/cachekit-error.ts';
import { Extension } from '../../../runtime/interop/extension.ts';
import { decodeInterop, encodeInterop } from '../../../runtime/interop/index.ts';
import { interopKeys } from '../../../runtime/interop/interop-keys.ts';
import { openInterop, sealInterop } from '../../../runtime/interop/seal-interop.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { facts, vectorKey } from '../../runtime/envelope/samples.ts';
import { checkError, checkValue } from '../realm.ts';
import { CANARY, finding, type FuzzTarget, type Verdict } from '../target.ts';

const KEY = `shop:get_user:${'0'.repeat(64)}`;
const value = {
  id: 7,
  name: CANARY,
  at: new Date(5),
  list: [1, -1, 1.5, 2n ** 60n, true, null],
  bytes: new Uint8Array([1, 2, 3]),
};
const document = Buffer.from(encodeInterop(value));
const keys = interopKeys(createSecretKey(Buffer.from(vectorKey, 'hex')));
const mac = (data: Uint8Array): Buffer => createHmac('sha256', 'a key').update(data).digest();

function read(input: Buffer): Verdict {
  let decoded: unknown;
  try {
    decoded = decodeInterop(input);
  } catch (error) {
    if (!(error instanceof CacheKitError && error.code === 'ERR_CACHEKIT_INTEROP')) throw error;
    checkError(error);
    return 'refused';
  }
  checkValue(decoded);
  if (holdsExtension(decoded)) return 'accepted'; // only other languages write those
  const written = tryWrite(decoded);
  if (written !== undefined && !isDeepStrictEqual(decodeInterop(written), decoded))
    finding('a document was read that does not come back');
  return 'accepted';
}

/** undefined: other languages may write it, this one does not. */
function tryWrite(decoded: unknown): Uint8Array | undefined {
  try {
    return encodeInterop(decoded);
  } catch (error) {
    checkError(error);
    return undefined;
  }
}

function holdsExtension(part: unknown): boolean {
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return false;
  if (part instanceof Extension) return true;
  const inner = part instanceof Map ? [...part.values()] : Object.values(part);
  return inner.some(holdsExtension);
}

function open(input: Buffer): Verdict {
  const opened = openInterop(keys, KEY, input);
  if (typeof opened === 'string') return 'refused';
  return opened.plain.equals(document) ? 'accepted' : finding('a changed entry was opened');
}

function record(of: typeof mac | undefined): FuzzTarget {
  const written = writeRecord(KEY, document, facts, of) ?? finding('a seed cannot be stored');
  const check = (input: Buffer): Verdict => {
    const found = readRecord(KEY, document, input, of);
    if (found === undefined) return 'refused';
    if (of === undefined || isDeepStrictEqual(found, facts)) return 'accepted';
    return finding('a changed record was read');
  };
  return { name: `interop: record${of === undefined ? '' : ' with a MAC'}`, seeds: [written], check };
}

export const interopTargets: readonly FuzzTarget[] = [
  {
    name: 'interop: document',
    seeds: [document, Buffer.from(encodeInterop([CANARY, [[[{}]]]]))],
    check: read,
  },
  { name: 'interop: sealed', seeds: [sealInterop(keys, KEY, document)], check: open },
  record(undefined),
  record(mac),
];
