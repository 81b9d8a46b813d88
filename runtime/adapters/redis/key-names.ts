// Names of the keys beside an entry, and of the registry. Those a script needs together share one slot of a cluster.

/**
 * Beside an entry: the same hash tag. A key without one (names shared with other languages) becomes the tag itself, so
 * that both are in its slot.
 */
export function besideKey(key: string, suffix: 'f' | 'l'): string {
  const open = key.indexOf('{');
  const hasTag = open >= 0 && key.indexOf('}', open + 1) > open + 1;
  return hasTag || key.includes('}') ? `${key}:${suffix}` : `{${key}}:${suffix}`;
}

export function registryKey(prefix: string): string {
  return `${prefix}:{r}:g`;
}

export function logKey(prefix: string): string {
  return `${prefix}:{r}:log`;
}
