// Names of the keys beside an entry (lease and lock), of the registry and of the log. Keys that one script uses
// together are in one slot of a cluster.

/**
 * Key of the lease (`f`) or lock (`l`) of an entry, in the slot of the entry: it has the same hash tag. An entry key
 * without a tag (names shared with other languages) becomes the tag itself, unless a `}` in it makes that impossible.
 */
export function besideKey(key: string, suffix: 'f' | 'l'): string {
  const open = key.indexOf('{');
  const hasTag = open >= 0 && key.indexOf('}', open + 1) > open + 1;
  return hasTag || key.includes('}') ? `${key}:${suffix}` : `{${key}}:${suffix}`;
}

/** Key of the sorted set that holds the registry. */
export function registryKey(prefix: string): string {
  return `${prefix}:{r}:g`;
}

/** Key of the stream that holds the log. */
export function logKey(prefix: string): string {
  return `${prefix}:{r}:log`;
}
