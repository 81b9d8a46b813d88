// Entries are spread over all data connections of a server, and each key stays on one.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Lane, laneOf } from '../../../runtime/adapters/redis/lane.ts';
import type { RedisConnection } from '../../../runtime/adapters/redis/redis-connection.ts';

const lanes = (count: number): Lane[] => Array.from({ length: count }, () => new Lane({} as RedisConnection)); // nothing is sent

/** A name as stored entries have it: `<prefix>:{<43 base64url characters>}`. */
const nameOf = (i: number): string => `ck:{${createHash('sha256').update(String(i)).digest('base64url')}}`;

test('up to 64 connections get about the same number of entries each', () => {
  const names = Array.from({ length: 64_000 }, (_, i) => nameOf(i));
  for (let count = 2; count <= 64; count++) {
    const all = lanes(count);
    const counts = new Map<Lane, number>(all.map((lane) => [lane, 0]));
    for (const name of names) {
      const lane = laneOf(all, name);
      counts.set(lane, (counts.get(lane) ?? 0) + 1);
    }
    const fair = names.length / count;
    expect(Math.min(...counts.values()), `${count} connections`).toBeGreaterThan(0.7 * fair);
    expect(Math.max(...counts.values()), `${count} connections`).toBeLessThan(1.3 * fair);
  }
});

test('a key stays on its connection, and a very short one has one too', () => {
  const all = lanes(4);
  expect(laneOf(all, nameOf(7))).toBe(laneOf(all, nameOf(7)));
  expect(all).toContain(laneOf(all, ''));
  expect(all).toContain(laneOf(all, 'a'));
});
