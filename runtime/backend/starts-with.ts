// Compares the first bytes of a stored entry.

/** Whether `value` begins with the bytes of `head`; true for an empty `head`. */
export function startsWith(value: Uint8Array, head: Uint8Array): boolean {
  if (value.byteLength < head.byteLength) return false;
  for (let i = 0; i < head.byteLength; i++) if (value[i] !== head[i]) return false;
  return true;
}
