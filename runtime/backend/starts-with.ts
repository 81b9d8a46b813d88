// Whether stored bytes begin with bytes that somebody knows.

/** Anything begins with nothing. */
export function startsWith(value: Uint8Array, head: Uint8Array): boolean {
  if (value.byteLength < head.byteLength) return false;
  for (let i = 0; i < head.byteLength; i++) if (value[i] !== head[i]) return false;
  return true;
}
