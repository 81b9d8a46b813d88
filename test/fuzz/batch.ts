// One batch in a process of its own: `node test/fuzz/batch.ts '{"targets":[…],"seed":…,"runs":…}'`. Prints results as JSON.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { loadCodecs } from '../../runtime/envelope/ready.ts';
import { fastestMs } from '../runtime/serializer/wires.ts';
import { everyChange, inputsOf } from './mutated.ts';
import { checkError, watchRealm, type Realm } from './realm.ts';
import type { FuzzTarget, Verdict } from './target.ts';

export interface BatchOrder {
  /** Names; one after the other, until one has a finding. */
  readonly targets: readonly string[];
  readonly seed: number;
  /** Random inputs, unless the time is over before. */
  readonly runs: number;
  readonly seconds?: number;
  /** Of the changes of one bit and the cuts: most that are tried. Default: all. */
  readonly mostChanges?: number;
}

export interface BatchResult {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly slowestMs: number;
  /** How much the process grew over what it had when the seeds had been read. */
  readonly grownBytes: number;
  readonly finding?: { readonly what: string; readonly input: string };
}

interface CorpusEntry {
  readonly target: string;
  readonly name: string;
  readonly input: string;
  readonly verdict: Verdict;
}

/** A machine that is busy makes one run slow: what counts is the processor time of the fastest of three. */
const MOST_MS = 50;
/** In buffers, by one input: three times what a codec of these targets may hold. */
const MOST_BUFFER_BYTES = 3 * 2 ** 20;
/** Built-ins are compared after so many inputs. */
const VERIFY_EVERY = 500;

const corpusFile = new URL('../../fixtures/fuzz/corpus.json', import.meta.url);

async function runBatch(order: BatchOrder): Promise<readonly BatchResult[]> {
  await loadCodecs();
  const { targets } = await import('./all-targets.ts');
  const realm = watchRealm();
  const results: BatchResult[] = [];
  for (const name of order.targets) {
    const target = targets.find((one) => one.name === name);
    if (target === undefined) throw new Error(`There is no target ${name}`);
    const result = await runTarget(target, order, realm);
    results.push(result);
    if (result.finding !== undefined) break;
  }
  return results;
}

async function runTarget(
  target: FuzzTarget,
  { seed, runs, seconds, mostChanges = Number.POSITIVE_INFINITY }: BatchOrder,
  realm: Realm,
): Promise<BatchResult> {
  const { name } = target;
  const tally = { inputs: 0, accepted: 0, slowestMs: 0 };
  let last: Buffer = Buffer.alloc(0);
  const check = async (input: Buffer): Promise<Verdict> => {
    last = input;
    const verdict = await judge(target, input, tally);
    if (tally.inputs % VERIFY_EVERY === 0) realm.verify();
    return verdict;
  };
  for (const input of target.seeds)
    if ((await check(input)) !== 'accepted') return failed(target, tally, 0, 'a seed is refused', input);
  const before = process.memoryUsage.rss();
  const grown = (): number => process.resourceUsage().maxRSS * 1024 - before;
  try {
    for (const entry of corpusOf(name)) {
      const verdict = await check(Buffer.from(entry.input, 'hex'));
      if (verdict !== entry.verdict) throw new Error(`${entry.name}: ${verdict}, not ${entry.verdict}`);
    }
    const changes = target.seeds.reduce((sum, one) => sum + 9 * one.length, 0);
    const step = Math.max(1, Math.ceil(changes / mostChanges));
    // A step that is no multiple of 2 meets every bit of a byte somewhere.
    const every = step % 2 === 0 ? step + 1 : step;
    let at = 0;
    for (const one of target.seeds)
      for (const input of everyChange(one)) if (at++ % every === 0) await check(input);
    const property = fc.asyncProperty(inputsOf(target), async (input) => void (await check(input)));
    const details = await fc.check(property, {
      seed,
      numRuns: runs,
      ...(seconds === undefined
        ? {}
        : { interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }),
    });
    if (details.failed)
      return failed(
        target,
        tally,
        grown(),
        messageOf(details.errorInstance),
        details.counterexample?.[0] ?? last,
      );
    realm.verify();
    return { target: name, ...tally, grownBytes: grown() };
  } catch (error) {
    return failed(target, tally, grown(), messageOf(error), last);
  }
}

type Tally = { -readonly [K in 'inputs' | 'accepted' | 'slowestMs']: BatchResult[K] };

async function judge(target: FuzzTarget, input: Buffer, tally: Tally): Promise<Verdict> {
  const { arrayBuffers } = process.memoryUsage();
  const beganMs = performance.now();
  const verdict = await target.check(input);
  const tookMs = performance.now() - beganMs;
  const grownBytes = process.memoryUsage().arrayBuffers - arrayBuffers;
  tally.inputs++;
  if (verdict === 'accepted') tally.accepted++;
  if (tookMs > MOST_MS) {
    const processorMs = fastestMs(() => void target.check(input));
    if (processorMs > MOST_MS) throw new Error(`it takes ${Math.round(processorMs)} ms`);
  } else if (tookMs > tally.slowestMs) tally.slowestMs = tookMs;
  if (grownBytes > MOST_BUFFER_BYTES + 20 * input.length)
    throw new Error(`it takes ${grownBytes} bytes of buffers`);
  return verdict;
}

function corpusOf(target: string): readonly CorpusEntry[] {
  const all = JSON.parse(readFileSync(corpusFile, 'utf8')) as readonly CorpusEntry[]; // our own file
  return all.filter((entry) => entry.target === target);
}

function failed(
  { name }: FuzzTarget,
  tally: Tally,
  grownBytes: number,
  what: string,
  input: Buffer,
): BatchResult {
  return { target: name, ...tally, grownBytes, finding: { what, input: input.toString('hex') } };
}

/** What a reader threw is a finding; that it shows a stored value is another. */
function messageOf(error: unknown): string {
  try {
    checkError(error);
  } catch (second) {
    return String(second);
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (import.meta.main)
  process.stdout.write(JSON.stringify(await runBatch(JSON.parse(process.argv[2] ?? '{}') as BatchOrder)));
