// What cachekit adds to builds: medians of interleaved runs of whole processes over a generated project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileProject } from './build/compile-project.ts';
import { generateProject } from './build/generate-project.ts';
import { rowOf, type Row } from './harness.ts';
import type { Scenario } from './report.ts';

const here = fileURLToPath(new URL('build/', import.meta.url));
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const SIZE = { modules: 1000, marked: 200 };
/** Three rounds take four minutes on an idle machine. */
const ROUNDS = Number(process.env['BENCH_BUILD_ROUNDS'] ?? 3);

/** Sources and three outputs of the project take a tenth of this. */
const ROOM_BYTES = 512 * 1024 ** 2;

interface Said {
  readonly maxRssKb: number;
  readonly typescript?: boolean;
}

interface Contestant {
  readonly name: string;
  readonly args: (folder: string) => readonly string[];
  readonly before?: (folder: string) => void;
}

const removeIn = (folder: string, ...names: readonly string[]): void =>
  names.forEach((name) => rmSync(join(folder, name), { recursive: true, force: true }));
const tspc = `${modules}ts-patch/compiler/tsc.js`;
const tsc =
  (config: string, ...more: readonly string[]) =>
  (folder: string) => [`${here}tsc-child.ts`, tspc, '-p', join(folder, config), ...more];
const esbuild = (kind: 'bare' | 'plugin' | 'least') => (folder: string) => [
  `${here}esbuild-child.ts`,
  folder,
  kind,
];
const compiledOf = (folder: string): string => `${folder}-compiled`;
const dropPlans = (folder: string): void => removeIn(folder, 'plans');

const contestants: readonly Contestant[] = [
  { name: 'tspc', args: tsc('tsconfig.bare.json') },
  { name: 'tspc + cachekit, cold', args: tsc('tsconfig.json'), before: dropPlans },
  // Must follow the cold build, whose plans it uses; the same holds for esbuild below.
  { name: 'tspc + cachekit, warm', args: tsc('tsconfig.json') },
  { name: 'tsc --noEmit', args: tsc('tsconfig.bare.json', '--noEmit') },
  { name: 'esbuild', args: esbuild('bare') },
  { name: 'esbuild + cachekit, cold', args: esbuild('plugin'), before: dropPlans },
  { name: 'esbuild + cachekit, warm', args: esbuild('plugin') },
  // What a cold build would take if making plans cost nothing but asking TypeScript for the types.
  { name: 'esbuild + types read, compiled before', args: esbuild('least') },
  // What is left if a plugin took no time at all: the bundle is the same.
  { name: 'esbuild, compiled before', args: (folder) => esbuild('bare')(compiledOf(folder)) },
];

/** All scenarios; `times` hold nanoseconds, `memory` bytes, as the report's rows do. */
export function builds(): readonly Scenario[] {
  const folder = mkdtempSync(join(scratchFolder(), 'cachekit-bench-'));
  try {
    generateProject(join(folder, 'large'), SIZE);
    compileProject(join(folder, 'large'), compiledOf(join(folder, 'large')));
    generateProject(join(folder, 'unmarked'), { ...SIZE, marked: 0 });
    return [
      ...wholeBuilds(join(folder, 'large')),
      unmarked(join(folder, 'unmarked')),
      replan(join(folder, 'large')),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In memory where Linux has room for it: a disk does not always take 3,000 files at once, whoever writes them. */
function scratchFolder(): string {
  const inMemory = '/dev/shm';
  const { bavail, bsize } = existsSync(inMemory) ? statfsSync(inMemory) : { bavail: 0, bsize: 0 };
  return bavail * bsize >= ROOM_BYTES ? inMemory : realpathSync(tmpdir());
}

function wholeBuilds(folder: string): readonly Scenario[] {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  const memory = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const one of contestants) {
      removeIn(folder, 'out', 'out-bare', 'out-esbuild');
      one.before?.(folder);
      const { tookNs, said } = run(one.args(folder));
      times.get(one.name)!.push(tookNs); // set above
      memory.get(one.name)!.push(said.maxRssKb * 1024); // set above
    }
  const pick = (from: ReadonlyMap<string, readonly number[]>, ...names: readonly string[]) =>
    names.map((name) => rowOf(name, from.get(name)!)); // asked for by their names above
  const cold = times.get('esbuild')!.map((ns, i) => ns + times.get('tsc --noEmit')![i]! / 2); // as many of each
  return [
    scenario(
      'Build with ts-patch, no plans on disk',
      'tspc',
      'tspc + cachekit, cold',
      1.05,
      pick(times, 'tspc', 'tspc + cachekit, cold'),
    ),
    scenario(
      'Build with ts-patch, nothing changed',
      'tspc',
      'tspc + cachekit, warm',
      1.05,
      pick(times, 'tspc', 'tspc + cachekit, warm'),
    ),
    scenario('Build with esbuild, no plans on disk', 'esbuild + half of tsc', 'esbuild + cachekit, cold', 1, [
      rowOf('esbuild + half of tsc', cold),
      ...pick(
        times,
        'tsc --noEmit',
        'esbuild',
        'esbuild + types read, compiled before',
        'esbuild + cachekit, cold',
      ),
    ]),
    scenario(
      'Build with esbuild, nothing changed',
      'esbuild',
      'esbuild + cachekit, warm',
      1.25,
      pick(times, 'esbuild', 'esbuild, compiled before', 'esbuild + cachekit, warm'),
    ),
    {
      title: 'Memory of a build with esbuild',
      reference: 'tsc --noEmit',
      targets: { 'esbuild + cachekit, cold': { ratio: 1.25 }, 'tspc + cachekit, cold': { ratio: 1.25 } },
      unit: 'bytes',
      rows: pick(
        memory,
        'tsc --noEmit',
        'tspc',
        'tspc + cachekit, cold',
        'tspc + cachekit, warm',
        'esbuild + cachekit, cold',
        'esbuild + cachekit, warm',
      ),
    },
  ];
}

function unmarked(folder: string): Scenario {
  const results = Array.from({ length: ROUNDS }, () => ({
    bare: run(esbuild('bare')(folder)),
    plugin: run(esbuild('plugin')(folder)),
  }));
  if (results.some(({ plugin }) => plugin.said.typescript === true))
    throw new Error('A project without a mark loaded TypeScript.');
  return scenario('Build with esbuild, no mark in the project', 'esbuild', 'esbuild + cachekit', undefined, [
    rowOf(
      'esbuild',
      results.map(({ bare }) => bare.tookNs),
    ),
    rowOf(
      'esbuild + cachekit',
      results.map(({ plugin }) => plugin.tookNs),
    ),
  ]);
}

/** In one process: the first program, then edits of types, on each of which one to four marked functions depend. */
function replan(folder: string): Scenario {
  dropPlans(folder);
  const { stdout, status, stderr } = spawnSync(process.execPath, [`${here}replan-child.ts`, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { firstMs, editsMs } = JSON.parse(stdout) as { firstMs: number; editsMs: readonly number[] }; // printed there
  return scenario('Planning in watch mode, CPU', 'bound: 50 ms', 'one edit', 1, [
    rowOf('bound: 50 ms', [50e6]),
    rowOf('first program, 200 functions', [firstMs * 1e6]),
    // Without the first edits, which run before V8 has compiled the code.
    rowOf(
      'one edit',
      editsMs.slice(editsMs.length / 2).map((ms) => ms * 1e6),
    ),
  ]);
}

function run(args: readonly string[]): { readonly tookNs: number; readonly said: Said } {
  const start = process.hrtime.bigint();
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const tookNs = Number(process.hrtime.bigint() - start);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return { tookNs, said: JSON.parse(stdout.slice(stdout.lastIndexOf('{'))) as Said }; // printed last
}

function scenario(
  title: string,
  reference: string,
  ours: string,
  target: number | undefined,
  rows: readonly Row[],
): Scenario {
  return { title, reference, targets: target === undefined ? {} : { [ours]: { ratio: target } }, rows };
}
