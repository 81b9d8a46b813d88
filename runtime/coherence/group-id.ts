// Ids of groups, which are invalidated as a whole: a namespace, a function or a tag.
import { nodeCrypto } from '../crypto/node-crypto.ts';
import { encodeParts } from '../key/stored-key.ts';

/** What a group can be. */
export type GroupKind = 'namespace' | 'function' | 'tag';

const LETTERS = { namespace: 'n:', function: 'f:', tag: 't:' } as const;

/** Bytes of the digest in a group id. Few suffice: a collision would only invalidate too much. */
const GROUP_DIGEST_BYTES = 12;

/**
 * The id of a group: `n:`, `f:` or `t:` and 16 base64url characters, the first 12 bytes of SHA-256 over the
 * length-prefixed kind and name. The name of a function is its site id without a version, so that entries of older
 * deploys belong to the group too. `mac` replaces SHA-256 for secure sites, whose ids must not reveal names.
 */
export function groupId(kind: GroupKind, name: string, mac?: (bytes: Buffer) => Buffer): string {
  const bytes = encodeParts([kind, name]);
  const digest = mac === undefined ? nodeCrypto().hash('sha256', bytes, 'buffer') : mac(bytes);
  return LETTERS[kind] + digest.toString('base64url', 0, GROUP_DIGEST_BYTES);
}

/** The ids of a group under the current master key and under previous ones. `macs` undefined: not a secure site. */
export function groupIds(
  kind: GroupKind,
  name: string,
  macs: { mac(data: Uint8Array): Buffer; olderMacs(data: Uint8Array): readonly Buffer[] } | undefined,
): readonly string[] {
  if (macs === undefined) return [groupId(kind, name)];
  const older = macs.olderMacs(encodeParts([kind, name]));
  return [
    groupId(kind, name, (data) => macs.mac(data)),
    ...older.map((digest) => groupId(kind, name, () => digest)),
  ];
}

/** The 12 bytes of an id, as entries store them. */
export function groupIdBytes(id: string): Buffer {
  return Buffer.from(id.slice(2), 'base64url');
}

/** The id of a tag from its 12 bytes. */
export function tagIdOf(bytes: Uint8Array): string {
  return LETTERS.tag + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** The kind of group an id stands for. Ids also come from the log: one of an unknown kind counts as a tag. */
export function kindOfGroup(id: string): GroupKind {
  if (id.startsWith(LETTERS.namespace)) return 'namespace';
  return id.startsWith(LETTERS.function) ? 'function' : 'tag';
}
