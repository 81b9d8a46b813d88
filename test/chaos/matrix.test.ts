// A share of the fault matrix that fits into every run; `npm run test:chaos` plays all of it.
import { describe, expect, inject, test } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { matrix } from './matrix/rows.ts';
import { runRow } from './matrix/run-row.ts';

const SHARE = ['2', '6', '12', '18a', '33'];

describe.runIf(inject('redisUrl') !== '')('under load', () => {
  for (const row of matrix.filter(({ id }) => SHARE.includes(id)))
    test(`${row.name}: ${row.made}`, async (context) => {
      const { grades, backMs, broken } = await runRow(row);
      expect(broken).toEqual([]);
      const { calls, stale, wrong, errors, worstMs } = grades;
      const back = backMs === undefined ? 'not back' : `back after ${backMs.toFixed(0)} ms`;
      measured(
        context,
        `${calls} calls, ${stale} stale within bounds, ${wrong} wrong, ${errors} errors, worst ${worstMs.toFixed(0)} ms, ${back}`,
      );
    }, 120_000);
});

test('every fault that can be made here has a row', () => {
  const numbers = new Set(matrix.map(({ id }) => Number.parseInt(id, 10)));
  const from = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at);
  // 15 to 17 need kernel modules, 29 a server whose clock can be moved.
  const wanted = [...from(1, 14), ...from(18, 28), ...from(30, 34)];
  expect(wanted.filter((number) => !numbers.has(number))).toEqual([]);
});

test('every row of the matrix has a name of its own', () => {
  expect(new Set(matrix.map(({ id }) => id)).size).toBe(matrix.length);
});
