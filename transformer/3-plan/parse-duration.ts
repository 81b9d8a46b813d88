// Durations as users write them → milliseconds.

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `5m`, `'300'` or the number 0.5 (both in seconds). Undefined unless a safe integer of at least 1. */
export function parseDurationMs(value: string | number): number | undefined {
  if (typeof value === 'number') return bounded(Math.round(value * 1000));
  const match = /^(\d+)(ms|s|m|h|d|w)?$/.exec(value);
  if (match === null) return undefined;
  return bounded(Number(match[1]) * (UNIT_MS[match[2] ?? 's'] ?? Number.NaN));
}

function bounded(ms: number): number | undefined {
  return Number.isSafeInteger(ms) && ms >= 1 ? ms : undefined;
}
