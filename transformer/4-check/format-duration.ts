// Milliseconds → a duration as written in a marker.

const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Uses the largest unit that divides the duration: 300 000 is `5m`. */
export function formatDuration(durationMs: number): string {
  const [unit, size] = UNITS.find(([, each]) => durationMs % each === 0) ?? ['ms', 1];
  return `${durationMs / size}${unit}`;
}
