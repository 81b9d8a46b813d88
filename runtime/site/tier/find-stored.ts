// Reads the entry of a call from the backend, wherever it may be stored.
import type { EntryCodec } from '../../entry/entry.ts';
import type { GuardedBackend, GuardResult } from '../../reliability/guarded-backend.ts';

/** The bytes of an entry, and its side record, if it has one. */
export type Found = GuardResult<Uint8Array | undefined> & { readonly record?: Uint8Array | undefined };

/** Reads entry and side record. During a rotation of master keys, the older backend keys are read at the same time. */
export function findStored(guard: GuardedBackend, codec: EntryCodec, keyText: string): Promise<Found> {
  const older = codec.olderKeys(keyText);
  const first = guard.get(codec.storedKey(keyText));
  const isAlone = codec.beside === undefined && older.length === 0;
  return isAlone ? first : findAmong(guard, codec, keyText, { first, older });
}

async function findAmong(
  guard: GuardedBackend,
  { beside }: EntryCodec,
  keyText: string,
  { first, older }: { readonly first: Promise<Found>; readonly older: readonly string[] },
): Promise<Found> {
  const others = older.map((name) => guard.get(name));
  const record = beside === undefined ? undefined : await guard.get(beside.key(keyText));
  const found = [await first, ...(await Promise.all(others))];
  const present = found.find((result) => result.ok && result.value !== undefined) ?? (await first);
  return present.ok && record?.ok === true ? { ...present, record: record.value } : present;
}
