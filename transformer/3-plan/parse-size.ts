// Sizes as users write them → bytes.

const UNIT_BYTES: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Bytes of `50mb`, `'300'` or the number 300; 1kb is 1024. Undefined unless a safe integer of at least 1. */
export function parseSizeBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return bounded(value);
  const match = /^(\d+)(kb|mb|gb)?$/.exec(value);
  return match === null ? undefined : bounded(Number(match[1]) * (UNIT_BYTES[match[2] ?? ''] ?? 1));
}

function bounded(sizeBytes: number): number | undefined {
  return Number.isSafeInteger(sizeBytes) && sizeBytes >= 1 ? sizeBytes : undefined;
}
