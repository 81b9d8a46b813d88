// The printed matrix.
import type { RowResult } from './run-row.ts';

const COLUMNS: readonly [string, number][] = [
  ['row', 5],
  ['fault', 44],
  ['calls', 7],
  ['right', 7],
  ['stale', 6],
  ['wrong', 6],
  ['errors', 7],
  ['late', 5],
  ['worst ms', 9],
  ['lock ms', 8],
  ['oldest ms', 10],
  ['back ms', 8],
];

const line = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, i) => {
      const width = COLUMNS[i]?.[1] ?? 0;
      return i < 2 ? String(cell).padEnd(width) : String(cell).padStart(width);
    })
    .join(' ')
    .trimEnd();

export const head = (): string => line(COLUMNS.map(([name]) => name));

export function rowLine({ row, grades, backMs, broken }: RowResult): string {
  const { calls, right, stale, wrong, errors, late, worstMs, worstLockMs, oldestMs } = grades;
  const counts = [row.id, row.name, calls, right, stale, wrong, errors, late];
  const times = [worstMs, worstLockMs, oldestMs].map((ms) => ms.toFixed(0));
  const shown = line([...counts, ...times, backMs === undefined ? '-' : backMs.toFixed(0)]);
  return [
    `${shown}  ${broken.length === 0 ? 'kept' : 'BROKEN'}`,
    ...broken.map((text) => `      ${text}`),
  ].join('\n');
}

export const skippedLine = (id: string, name: string, why: string): string =>
  `${line([id, name])}  skipped: ${why}`;
