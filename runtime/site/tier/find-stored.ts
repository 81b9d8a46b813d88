// Where the entry of a call may lie in a backend.
import type { EntryCodec } from '../../entry/entry.ts';
import type { GuardedBackend, GuardResult } from '../../reliability/guarded-backend.ts';

export type Found = GuardResult<Uint8Array | undefined> & { readonly record?: Uint8Array | undefined };

/** The entry, and what stands beside it. During a rotation of master keys also under its older names, at once. */
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
