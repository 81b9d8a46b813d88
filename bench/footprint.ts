// What cachekit costs besides calls: the time to import the runtime, and the memory for each entry.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rowOf } from './harness.ts';
import type { Scenario } from './report.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const ENTRIES = 100_000;

/** Import times in ns, each in a process that does nothing else; medians of interleaved rounds. */
export function importTime(): Scenario {
  const texts = {
    'an empty module': "await import('data:text/javascript,');",
    cachekit: "await import('cachekit');",
    'cachekit with its Redis client': "await import('cachekit/redis'); await import('ioredis');",
    ioredis: "await import('ioredis');",
  };
  const samples = new Map(Object.keys(texts).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 15; round++)
    for (const [name, text] of Object.entries(texts)) samples.get(name)!.push(timeOf(text)); // set above
  const rows = Array.from(samples, ([name, values]) => rowOf(name, values));
  const targets = { cachekit: { most: 8e6 }, 'cachekit with its Redis client': { most: 65e6 } };
  return { title: 'Import time, a process of its own', reference: 'ioredis', targets, rows };
}

function timeOf(text: string): number {
  const script = `const a = process.hrtime.bigint(); ${text} console.log(Number(process.hrtime.bigint() - a));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: here,
    encoding: 'utf8',
  });
  return Number(output);
}

/** Bytes for each entry of about 200 B, beyond those of the bare values. */
export function memoryPerEntry(): Scenario {
  const kinds = ['values', 'map', 'cachekit', 'cachekit-idle'] as const;
  const bytes = new Map(kinds.map((kind) => [kind, heapOf(kind)]));
  const base = bytes.get('values')!; // one of the kinds
  const over = (kind: (typeof kinds)[number]): number => bytes.get(kind)! - base;
  return {
    title: 'Memory for each of 100,000 entries, over the values themselves',
    reference: 'Map of { value, expiry }',
    targets: { 'cachekit, hit lately': { most: 210 }, 'cachekit, not hit': { most: 160 } },
    unit: 'bytes',
    rows: [
      rowOf('Map of { value, expiry }', [over('map')]),
      rowOf('cachekit, hit lately', [over('cachekit')]),
      rowOf('cachekit, not hit', [over('cachekit-idle')]),
    ],
  };
}

function heapOf(kind: string): number {
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', `${here}footprint-child.ts`, kind, String(ENTRIES)],
    { cwd: here, encoding: 'utf8' },
  );
  return Number(output) / ENTRIES;
}
