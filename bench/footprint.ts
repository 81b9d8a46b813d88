// What cachekit costs before and besides the first hit: the import of the runtime, and memory for each entry.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './report.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const ENTRIES = 100_000;

/** Import times in ns, of a process that does nothing else; medians of interleaved rounds. */
export function importTime(): Scenario {
  const texts = {
    'an empty module': '',
    cachekit: "await import('cachekit');",
    'cachekit with its Redis client': "await import('cachekit/redis'); await import('ioredis');",
    ioredis: "await import('ioredis');",
  };
  const samples = new Map(Object.keys(texts).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 15; round++)
    for (const [name, text] of Object.entries(texts)) samples.get(name)!.push(timeOf(text)); // set above
  const rows = Array.from(samples, ([name, values]) => row(name, values));
  return {
    title: 'Import time, a process of its own',
    reference: 'ioredis',
    ours: 'cachekit',
    target: undefined,
    rows,
  };
}

function timeOf(text: string): number {
  const script = `const a = process.hrtime.bigint(); ${text} console.log(Number(process.hrtime.bigint() - a));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: here,
    encoding: 'utf8',
  });
  return Number(output);
}

/** Bytes for each entry of about 200 B, over those of the bare values; `medianNs` of the rows holds bytes. */
export function memoryPerEntry(): Scenario {
  const kinds = ['values', 'map', 'cachekit', 'cachekit-idle'] as const;
  const bytes = new Map(kinds.map((kind) => [kind, heapOf(kind)]));
  const base = bytes.get('values')!; // one of the kinds
  const over = (kind: (typeof kinds)[number]): number => bytes.get(kind)! - base;
  return {
    title: 'Memory for each of 100,000 entries, over the values themselves, in bytes (shown as ns)',
    reference: 'Map of { value, expiry }',
    ours: 'cachekit, hit lately',
    target: undefined,
    rows: [
      row('Map of { value, expiry }', [over('map')]),
      row('cachekit, hit lately', [over('cachekit')]),
      row('cachekit, not hit', [over('cachekit-idle')]),
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

function row(name: string, values: readonly number[]): Scenario['rows'][number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!; // not empty
  return { name, medianNs: at(0.5), p10Ns: at(0.1), p90Ns: at(0.9) };
}
