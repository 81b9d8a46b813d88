// A share of `npm run fuzz`: seeds with one bit changed or cut, the corpus, and some random inputs for each reader of foreign
// bytes: about a minute. Other inputs: FUZZ_SEED; more of them: FUZZ_RUNS.
import { describe, expect, it } from 'vitest';
import corpus from '../../fixtures/fuzz/corpus.json' with { type: 'json' };
import { loadCodecs } from '../../runtime/envelope/ready.ts';
import { measured } from '../helpers/measured.ts';
import { startBatch } from './start-batch.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_126);
const runs = Number(process.env['FUZZ_RUNS'] ?? 8000);

await loadCodecs();
const { targets } = await import('./all-targets.ts');
const names = targets.map(({ name }) => name);
/** By what stands before the colon: a process for each. */
const groups = Map.groupBy(names, (name) => name.split(':')[0] ?? '');

describe(`readers of foreign bytes, seed ${seed}`, { timeout: 300_000 }, () => {
  it.each([...groups])('%s: a refusal or the right value, in time and space', async (_group, members) => {
    const results = await startBatch({ targets: members, seed, runs, mostChanges: runs });
    expect(results.filter(({ finding }) => finding !== undefined)).toEqual([]);
    expect(results.map(({ target }) => target)).toEqual(members);
    for (const { inputs } of results) expect(inputs).toBeGreaterThan(runs);
  });
});

describe('the fuzzer', () => {
  it('has seeds for every reader, and a reader for each input that it keeps', (context) => {
    expect(corpus.filter(({ target }) => !names.includes(target))).toEqual([]);
    expect(targets.every(({ seeds }) => seeds.length > 0)).toBe(true);
    measured(context, `${targets.length} readers, ${corpus.length} inputs kept`);
  });

  it('says so when a process ends without a result', async () => {
    const [result] = await startBatch({ targets: ['no such target'], seed, runs: 1 });
    expect(result?.finding?.what).toContain('There is no target');
  });
});
