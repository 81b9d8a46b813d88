// The rules of the engine, each taken out of its text, and where that shows.
import type { Removal } from './engine-copies.ts';
import type { Kind } from './play.ts';
import type { WorldOptions } from './world.ts';

interface Removed {
  readonly kind: Kind;
  readonly removal?: Removal;
  readonly store?: WorldOptions['store'];
  /** Of the histories that are played: one that finds it soon. Default: none is known, and 1. */
  readonly seed?: number;
}

const inFile = (file: string) => (text: string, by: string) => ({ file, text, by });
const member = inFile('coherence/member.ts');
const knowledge = inFile('coherence/knowledge.ts');
const follower = inFile('coherence/follower.ts');
const tier = inFile('site/tier/tier-reads.ts');
const runner = inFile('reliability/guard-runner.ts');
const call = inFile('site/call/read-through.ts');

export const REMOVALS: Readonly<Record<string, Removed>> = {
  'a fill needs its lease': { seed: 9, kind: 'healthy', store: { isWithoutLease: true } },
  'the floor of what the registry forgot': {
    seed: 1,
    kind: 'network',
    store: { mostGroups: 1 },
    removal: inFile('coherence/view.ts')(' || !(entry.born >= this.#floor)', ''),
  },
  'what was lost is invalidated again': {
    seed: 8,
    kind: 'losses',
    removal: inFile('coherence/redo-plan.ts')('of records) {', 'of [] as typeof records) {'),
  },
  'an entry is born before its function runs': {
    seed: 4,
    kind: 'healthy',
    removal: inFile('site/call/store-result.ts')(
      `open.encode(text, content.value, {
      times: timesNow(open, life, madeMs),
      stamp: taken.stamp,`,
      `open.encode(text, content.value, {
      times: timesNow(open, life, madeMs),
      stamp: open.stamp() ?? taken.stamp,`,
    ),
  },
  'a result that was invalidated meanwhile is not kept': {
    seed: 3,
    kind: 'healthy',
    removal: inFile('site/call/run-function.ts')(
      'if (flight.detached || isMarkedSince(tags, started.tags)) return true;',
      'if (flight !== undefined) return false;',
    ),
  },
  'what a read brought is kept as of its sending': {
    kind: 'network',
    removal: tier(
      'return sentAt !== undefined && coherence.mayKeep(sentAt) && this.isValid(keyText, facts);',
      'return sentAt !== undefined;',
    ),
  },
  'what is stored is checked': {
    seed: 1,
    kind: 'network',
    removal: tier(`if (verdict === 'invalid') return refuse('superseded', bytes);`, ''),
  },
  'an own invalidation counts from the call on': {
    kind: 'healthy',
    removal: member(
      "if (kind === 'key') this.#options.listener.keyGone(subject);",
      "if (kind === 'key') return;",
    ),
  },
  'records reach memory': {
    seed: 1,
    kind: 'healthy',
    removal: knowledge(
      `if (kind === 'key') listener.keyGone(subject);
    else listener.groupGone(subject);`,
      '',
    ),
  },
  'a record names the one before it, and gaps are closed': {
    seed: 2,
    kind: 'trimmed',
    removal: knowledge('if (record.previous !== view.head) return false;', ''),
  },
  'a gap that the log does not cover makes memory unverified': {
    seed: 6,
    kind: 'trimmed',
    removal: knowledge('if (!tailJoins(answer, head)) this.expire();', ''),
  },
  'the registry is looked at each second': {
    kind: 'losses',
    removal: follower(
      'if (registry?.inc !== inc || registry.head < head) this.#needsSync = true;',
      'if (registry?.inc !== inc) return;',
    ),
  },
  'an entry of another registry is invalid': {
    kind: 'losses',
    removal: inFile('coherence/view.ts')(' || entry.inc !== this.#inc', ''),
  },
  'nobody joins a run that was invalidated': {
    seed: 2,
    kind: 'slow',
    removal: call('flight?.detached === false ? flight : undefined', 'flight'),
  },
  'a value in place of an error is not one that was invalidated': {
    kind: 'healthy',
    removal: inFile('flow/flight.ts')(
      'flight.detached || flight.grace?.isValid() !== true ? undefined',
      'flight.grace === undefined ? undefined',
    ),
  },
  'cut off, memory is served for 10 s': {
    seed: 1,
    kind: 'network',
    removal: member('onExpired: () => this.#knowledge.expire(),', 'onExpired: () => undefined,'),
  },
  'an entry beyond its time is a miss': {
    kind: 'healthy',
    removal: call(`phase === 'fresh' || phase === 'swr'`, `phase !== 'gone'`),
  },
  'times are those of the registry': {
    seed: 1,
    kind: 'healthy',
    removal: tier('this.coherence?.registryTimeMs() ?? currentClock().nowMs()', 'currentClock().nowMs()'),
  },
  'an operation has a deadline': {
    seed: 1,
    kind: 'network',
    removal: runner('begun.atMs + deadlineMs', 'begun.atMs + 1e9'),
  },
  'cache trouble is a miss': {
    seed: 1,
    kind: 'network',
    removal: tier(
      ': { hit: false, reason: missReason(result.failure) },',
      ": Promise.reject(new Error('cache trouble')),",
    ),
  },
  'a failed invalidation is tried again': {
    seed: 1,
    kind: 'network',
    removal: inFile('coherence/invalidations.ts')(
      '    this.#put(item);\n    const { clock, random }',
      '    const { clock, random }',
    ),
  },
};
