// What we promise, and which test measures it. `npm run promises` runs these tests and prints a row for each.

export interface PromiseRow {
  readonly id: string;
  readonly promise: string;
  readonly bound: string;
  /** Test file, and the full name of the test in it; no name: every test of the file. */
  readonly file: string;
  readonly test?: string;
}

const values = 'test/promises/values.test.ts';
const outages = 'test/promises/outages.test.ts';
const delivery = 'test/promises/delivery.test.ts';

export const rows: readonly PromiseRow[] = [
  {
    id: 'H1',
    promise: 'A hit equals a miss, from memory, embedded store and Redis',
    bound: 'all kinds of values',
    file: values,
    test: 'a hit equals a miss in every tier',
  },
  {
    id: 'H2',
    promise: 'A changed return type is a miss',
    bound: 'runs again, right value',
    file: values,
    test: 'a changed return type is a miss',
  },
  {
    id: 'H3',
    promise: 'An edited body is a miss in development',
    bound: 'runs again, new value',
    file: values,
    test: 'an edited body is a miss in development',
  },
  {
    id: 'H4',
    promise: 'A flipped byte in the second tier is a miss',
    bound: 'every byte, no wrong value',
    file: values,
    test: 'a flipped byte is a miss',
  },
  {
    id: 'H5',
    promise: "A caller who changes a result changes nobody else's",
    bound: 'every tier',
    file: values,
    test: "a caller who changes a result changes nobody else's",
  },
  {
    id: 'H6',
    promise: 'Different arguments never share an entry',
    bound: '0 collisions',
    file: 'test/runtime/key/encode-args.test.ts',
  },
  {
    id: 'N1',
    promise: 'Redis killed under load',
    bound: '0 errors, 0 wrong, call ≤ 300 ms',
    file: outages,
    test: 'Redis killed under a loop of calls',
  },
  {
    id: 'N2',
    promise: 'Redis stopped (SIGSTOP) under load',
    bound: '0 errors, 0 wrong, call ≤ 300 ms',
    file: outages,
    test: 'Redis stopped under a loop of calls',
  },
  {
    id: 'N3',
    promise: 'While the breaker is open a call waits for nothing',
    bound: '≤ 1 ms added',
    file: outages,
    test: 'an open breaker adds no wait',
  },
  {
    id: 'N4',
    promise: 'A corrupt embedded file is put aside and made anew',
    bound: 'miss, then hits again',
    file: values,
    test: 'a corrupt embedded file is a miss and is made anew',
  },
  {
    id: 'N5',
    promise: '1,000 callers of a cold key',
    bound: '1 run',
    file: outages,
    test: 'a thousand callers of a cold key cause one run',
  },
  {
    id: 'N6',
    promise: 'A failing function',
    bound: '1 run, its own error to all, nothing stored',
    file: outages,
    test: 'a failing function runs once and everybody gets its error',
  },
  {
    id: 'N7',
    promise: 'close() with a stalled Redis, and the process ends by itself',
    bound: '≤ 1 s',
    file: outages,
    test: 'a process with a stalled Redis closes and ends',
  },
  {
    id: 'N8',
    promise: 'Start with a dead Redis',
    bound: '≤ 300 ms first call, joins later',
    file: outages,
    test: 'a process starts with a dead Redis and joins it later',
  },
  {
    id: 'S1',
    promise: 'Every source form is cached or refused, and no line moves',
    bound: 'all fixtures',
    file: 'test/fixtures.test.ts',
  },
  {
    id: 'S2',
    promise: 'Every diagnostic code has a fixture and a page',
    bound: 'all codes',
    file: 'test/diagnostics.test.ts',
  },
  {
    id: 'S3',
    promise: 'Exported names are the documented ones',
    bound: 'equal',
    file: 'test/docs/public-names.test.ts',
  },
  {
    id: 'S4',
    promise: 'Documented code compiles',
    bound: 'every block',
    file: 'test/docs/code-blocks.test.ts',
  },
  {
    id: 'S5',
    promise: 'Imports point one way: stages back, runtime never to the compiler',
    bound: '0 others',
    file: 'test/transformer/import-directions.test.ts',
  },
  {
    id: 'C1',
    promise: 'Nine hosts, one behaviour; types and errors of the user untouched',
    bound: 'same output',
    file: 'test/e2e/basic-app.test.ts',
  },
  {
    id: 'C2',
    promise: 'An edited type, two files deep, reaches every watching host',
    bound: 'fresh code or fresh errors',
    file: 'test/e2e/watch.test.ts',
  },
  {
    id: 'C3',
    promise: 'A warm build never loads TypeScript, a stale plan is never used',
    bound: 'every input',
    file: 'test/transformer/host/plan-cache.test.ts',
  },
  {
    id: 'C4',
    promise: 'Packed, installed, imported; other TypeScript versions stay',
    bound: 'every entry',
    file: 'test/package/packages.test.ts',
  },
  {
    id: 'C5',
    promise: 'Marks in foreign code never crash the compiler',
    bound: 'a plan or a diagnostic each',
    file: 'test/transformer/fuzz.test.ts',
  },
  {
    id: 'P2',
    promise: 'Changed, cut, spliced or hostile entries are misses',
    bound: 'every bit of the samples',
    file: 'test/runtime/envelope/hostile-entries.test.ts',
  },
  {
    id: 'P3',
    promise: 'Secrets, keys and values appear in no event, log, metric, span',
    bound: '0 traces of the canary',
    file: 'test/runtime/observe/canary.test.ts',
  },
  {
    id: 'P1',
    promise: 'Nothing secret is stored in clear',
    bound: '0 traces in Redis, file, memory',
    file: values,
    test: 'nothing secret is stored in clear',
  },
  {
    id: 'D1',
    promise: 'npm run demo on a fresh clone',
    bound: '< 120 s, checkout clean',
    file: delivery,
    test: 'the demo runs and leaves the checkout clean',
  },
  {
    id: 'D2',
    promise: 'Tests run on the pinned Node',
    bound: '24',
    file: delivery,
    test: 'the tests run on the pinned Node major',
  },
  {
    id: 'D3',
    promise: 'The lockfile names no registry',
    bound: '0 addresses',
    file: delivery,
    test: 'the lockfile holds no registry addresses',
  },
];
