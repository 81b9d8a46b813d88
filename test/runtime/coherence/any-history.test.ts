// Processes, a store that fails in every way, and whatever order of events: nothing old is served.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { it } from 'vitest';
import { manualClock } from '../../../runtime/testing/index.ts';
import { CachedProcess, FUNCTION_ID, TAG_ID } from './cached-process.ts';
import { UnreliableStore, type Fate } from './unreliable-store.ts';

const KEYS = ['ck1:{a}', 'ck1:{b}'] as const;
const HEALTHY_MS = 100;

type Step =
  | { readonly do: 'call'; readonly who: number; readonly key: string; readonly runMs: number }
  | { readonly do: 'warm' }
  | { readonly do: 'invalidate'; readonly who: number; readonly key: string; readonly what: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fail'; readonly over: 'keys' | 'log'; readonly writes: number }
  | { readonly do: 'evict'; readonly what: 'lease' | 'log' | 'registry' | 'everything'; readonly key: string }
  | { readonly do: 'break'; readonly who: number }
  | { readonly do: 'cut'; readonly who: number; readonly isCut: boolean }
  | { readonly do: 'restart' };

const who = fc.nat(2);
const key = fc.constantFrom(...KEYS);

const healthySteps: readonly fc.Arbitrary<Step>[] = [
  // Everybody holds everything: the next invalidation has something to miss.
  fc.constant({ do: 'warm' }),
  fc.record({ do: fc.constant('call'), who, key, runMs: fc.constantFrom(0, 5, 60) }),
  // The third process only looks on: it may be restarted, and whoever invalidates has to live.
  fc.record({
    do: fc.constant('invalidate'),
    who: fc.nat(1),
    key,
    what: fc.constantFrom('key', 'function', 'tag'),
  }),
  fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 3, 8, 20, 70, 300, 1500) }),
];

const faults: readonly fc.Arbitrary<Step>[] = [
  fc.record({ do: fc.constant('fail'), over: fc.constantFrom('keys', 'log'), writes: fc.nat(3) }),
  fc.record({
    do: fc.constant('evict'),
    what: fc.constantFrom('lease', 'log', 'registry', 'everything'),
    key,
  }),
  fc.record({ do: fc.constant('break'), who }),
  fc.record({ do: fc.constant('cut'), who, isCut: fc.boolean() }),
  fc.constant({ do: 'restart' }),
];

/** Numbers from 0 to below 1, always the same for a seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class History {
  readonly clock = manualClock();
  readonly store: UnreliableStore;
  readonly processes: CachedProcess[];
  readonly #random: () => number;
  readonly #versions = new Map<string, number>();
  /** By process and key: what it invalidated itself. */
  readonly #own = new Map<string, number>();
  /** By key: what every process has to know from a moment on, when nothing fails. */
  readonly #known: { key: string; version: number; fromMs: number }[] = [];
  readonly #calls: Promise<void>[] = [];
  readonly #isHealthy: boolean;

  constructor(seed: number, isHealthy: boolean) {
    this.#random = numbers(seed);
    this.#isHealthy = isHealthy;
    const isLost = (): boolean => !isHealthy && this.#random() < 0.03;
    const ms = (): number | undefined => (isLost() ? undefined : Math.floor(this.#random() * 15));
    this.store = new UnreliableStore({
      clock: this.clock,
      fate: (): Fate => ({ thereMs: ms(), backMs: ms() }),
    });
    this.processes = [0, 1, 2].map(() => this.#newProcess());
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.clock.advance(200);
    for (const step of steps) await this.#do(step);
    await this.#end();
  }

  #newProcess(): CachedProcess {
    return new CachedProcess(this.store, { version: (name) => this.#versions.get(name) ?? 0 }, this.#random);
  }

  async #do(step: Step): Promise<void> {
    const process = 'who' in step ? this.processes[step.who] : undefined;
    if (step.do === 'call') this.#calls.push(this.#call(step.who, step.key, step.runMs));
    if (step.do === 'invalidate') this.#invalidate(step.who, step.key, step.what);
    if (step.do === 'warm') await this.#warm();
    if (step.do === 'wait') await this.clock.advance(step.ms);
    if (step.do === 'fail') this.store.failOver(step.over, step.writes);
    if (step.do === 'break') process?.client.breakLink();
    if (step.do === 'cut') process?.client.setReachable(!step.isCut);
    if (step.do === 'evict') this.#evict(step.what, step.key);
    if (step.do === 'restart') {
      this.processes[2]?.client.die();
      for (const name of KEYS) this.#own.delete(`2 ${name}`);
      this.processes[2] = this.#newProcess();
    }
  }

  async #warm(): Promise<void> {
    for (const at of this.processes.keys())
      for (const name of KEYS) this.#calls.push(this.#call(at, name, 0));
    await this.clock.advance(60);
  }

  #evict(what: string, name: string): void {
    if (what === 'lease') this.store.evictLease(name);
    if (what === 'log') this.store.evictLog();
    if (what === 'registry') this.store.evictRegistry();
    if (what === 'everything') this.store.flush();
  }

  #invalidate(at: number, name: string, what: string): void {
    const { coherence } = this.processes[at] ?? {};
    const names = what === 'key' ? [name] : KEYS;
    const versions = names.map((one) => {
      const version = (this.#versions.get(one) ?? 0) + 1;
      this.#versions.set(one, version);
      this.#own.set(`${at} ${one}`, version);
      return { key: one, version };
    });
    const id = what === 'function' ? FUNCTION_ID : TAG_ID;
    const done =
      what === 'key' ? coherence?.invalidateKey(name, FUNCTION_ID) : coherence?.invalidateGroup(id);
    void done?.then((isAcked) => {
      const fromMs = this.clock.monotonicMs() + HEALTHY_MS;
      if (isAcked) for (const one of versions) this.#known.push({ ...one, fromMs });
    });
  }

  async #call(at: number, name: string, runMs: number): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    const own = this.#own.get(`${at} ${name}`) ?? 0;
    const known = this.#known.filter((one) => one.key === name && one.fromMs <= nowMs);
    const least = Math.max(own, ...(this.#isHealthy ? known.map(({ version }) => version) : []));
    const served = await this.processes[at]?.call(name, runMs);
    assert.ok(served !== undefined && served >= least, `P${at} serves v${served}, v${least} was invalidated`);
  }

  async #end(): Promise<void> {
    for (const { client } of this.processes) client.setReachable(true);
    this.store.fate = () => ({ thereMs: 1, backMs: 1 });
    await this.clock.advance(15_000);
    await this.#settled(Promise.all(this.#calls));
    // Nothing is left to tell a new process of single keys.
    this.store.trimLog();
    // It is asked first: the others know better and would store something new.
    this.processes.unshift(this.#newProcess());
    await this.clock.advance(100);
    for (const name of KEYS)
      for (const process of this.processes) {
        const served = await this.#settled(process.call(name));
        assert.equal(served, this.#versions.get(name) ?? 0);
      }
    // And it is a cache: what was served is kept.
    const runs = this.processes.map((process) => process.runs);
    for (const name of KEYS) for (const process of this.processes) await this.#settled(process.call(name));
    assert.deepEqual(
      this.processes.map((process) => process.runs),
      runs,
    );
    await this.#settled(Promise.all(this.processes.map(({ coherence }) => coherence.close())));
  }

  /** Calls of a process that died never return. */
  async #settled<T>(work: Promise<T>): Promise<T | undefined> {
    let result: { value: T } | undefined;
    let failure: { error: unknown } | undefined;
    work.then(
      (value) => (result = { value }),
      (error: unknown) => (failure = { error }),
    );
    for (let at = 0; at < 40 && result === undefined && failure === undefined; at++)
      await this.clock.advance(10);
    if (failure !== undefined) throw failure.error;
    return result?.value;
  }
}

const LENGTH = { minLength: 10, maxLength: 50, size: 'max' } as const;
const RUNS = Number(process.env['COHERENCE_RUNS'] ?? 40);

/** For each of many histories. */
async function expectNothingOld(isHealthy: boolean, steps: fc.Arbitrary<Step>): Promise<void> {
  const all = fc.asyncProperty(fc.nat(), fc.array(steps, LENGTH), (seed, history) =>
    new History(seed, isHealthy).run(history),
  );
  await fc.assert(all, { numRuns: RUNS });
}

it('while nothing fails, every process knows within 100 ms of the acknowledgement', () =>
  expectNothingOld(true, fc.oneof(...healthySteps)));

it('whatever fails, nobody serves what it invalidated itself, and all agree in the end', () =>
  expectNothingOld(false, fc.oneof(...healthySteps, ...healthySteps, ...faults)));
