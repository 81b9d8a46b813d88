// `npm run fuzz -- --seconds 600 --seed 7 --target std --save`: every reader of foreign bytes, for as long as asked. What it
// finds is printed as bytes; `--save` adds it to fixtures/fuzz/corpus.json, where it is tried from then on.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadCodecs } from '../../runtime/envelope/ready.ts';
import type { BatchResult } from './batch.ts';
import { startBatch } from './start-batch.ts';

const { values } = parseArgs({
  options: {
    /** In all, shared by the targets. */
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** Part of their names. */
    target: { type: 'string', default: '' },
    save: { type: 'boolean', default: false },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isSafeInteger(seed)) throw new Error('--seconds and --seed are numbers');

await loadCodecs();
const { targets } = await import('./all-targets.ts');
const chosen = targets.map(({ name }) => name).filter((name) => name.includes(values.target));
if (chosen.length === 0) throw new Error(`No target has ${values.target} in its name`);

process.stdout.write(`${chosen.length} targets, ${seconds} s, seed ${seed}\n`);
let findings = 0;
let inputs = 0;
for (const target of chosen) {
  const share = seconds / chosen.length;
  const order = { targets: [target], seed, runs: Number.MAX_SAFE_INTEGER, seconds: share };
  const [result] = (await startBatch(order)) as [BatchResult]; // of one target
  inputs += result.inputs;
  const grownMb = Math.round(result.grownBytes / 2 ** 20);
  process.stdout.write(
    `${target.padEnd(40)} ${String(result.inputs).padStart(9)} inputs ${String(result.accepted).padStart(8)} read ` +
      `slowest ${result.slowestMs.toFixed(1)} ms, grew ${grownMb} MB\n`,
  );
  if (result.finding === undefined) continue;
  findings++;
  const { what, input } = result.finding;
  process.stdout.write(`FINDING ${what}\nbytes   ${input}\n`);
  if (values.save)
    save({ target, name: `seed ${seed}: ${what.split('\n')[0] ?? ''}`, input, verdict: 'refused' });
}
process.stdout.write(`${inputs} inputs, ${findings} findings; again with --seed ${seed}\n`);
process.exitCode = findings === 0 ? 0 : 1;

/** Whether it is to be refused or accepted is for people to say: most are to be refused. */
function save(entry: object): void {
  const file = new URL('../../fixtures/fuzz/corpus.json', import.meta.url);
  const corpus = JSON.parse(readFileSync(file, 'utf8')) as object[];
  writeFileSync(file, `${JSON.stringify([...corpus, entry], undefined, 2)}\n`);
}
