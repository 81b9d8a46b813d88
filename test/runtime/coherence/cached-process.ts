// A process with a memory, a link and a source, as the call path has it: reads the memory, the store, runs and fills.
import { createCoherence, type Coherence, type Stamp } from '../../../runtime/coherence/coherence.ts';
import type { StoreClient, UnreliableStore } from './unreliable-store.ts';

/** Groups of every key of these tests, and the function among them. */
export const FUNCTION_ID = 'f:AAAAAAAAAAAAAAAA';
export const TAG_ID = 't:BBBBBBBBBBBBBBBB';
const IDS = [FUNCTION_ID, TAG_ID];

export interface Source {
  /** The current version of the key's value. */
  version(key: string): number;
}

let nonces = 0;

export class CachedProcess {
  readonly client: StoreClient;
  readonly coherence: Coherence;
  readonly memory = new Map<string, number>();
  runs = 0;
  /** What the listener heard, in order. */
  readonly heard: string[] = [];
  readonly #store: UnreliableStore;
  readonly #source: Source;

  constructor(store: UnreliableStore, source: Source, random: () => number = () => 0.5) {
    this.#store = store;
    this.#source = source;
    this.client = store.client();
    this.coherence = createCoherence({
      log: this.client.log,
      prefix: 'ck1',
      clock: store.clock,
      random,
      listener: {
        keyGone: (key) => {
          this.heard.push(`key ${key}`);
          this.memory.delete(key);
        },
        groupGone: (id) => this.#forget(`group ${id}`),
        everythingUnverified: () => this.#forget('unverified'),
        reset: () => this.#forget('reset'),
      },
    });
    this.coherence.start();
  }

  /** The version served. `runMs`: how long the function takes. */
  async call(key: string, runMs = 0): Promise<number> {
    const { isCutOff, serveUntilMs } = this.coherence.contact();
    const isServing = !isCutOff || this.#store.clock.monotonicMs() < serveUntilMs;
    const kept = this.memory.get(key);
    if (kept !== undefined && isServing) return kept;
    const sentAt = this.coherence.stamp();
    const entry = isServing ? await this.client.get(key) : undefined;
    if (entry !== undefined && sentAt !== undefined && (await this.#isValid(entry, key))) {
      const isKept = this.coherence.mayKeep(sentAt) && this.coherence.check(entry, IDS, key) === 'valid';
      if (isKept) this.memory.set(key, entry.version);
      return entry.version;
    }
    return this.#run(key, runMs);
  }

  async #isValid(entry: { inc: number; born: number }, key: string): Promise<boolean> {
    const verdict = this.coherence.check(entry, IDS, key);
    return verdict === 'unknown' ? this.coherence.lookup(entry, IDS, key) : verdict === 'valid';
  }

  async #run(key: string, runMs: number): Promise<number> {
    const began: Stamp | undefined = this.coherence.stamp();
    const nonce = String(++nonces).padStart(16, '0');
    const begun = began === undefined ? undefined : await this.client.begin({ key, nonce });
    this.runs++;
    const version = this.#source.version(key);
    if (runMs > 0) await new Promise<void>((resolve) => this.#store.clock.setTimer(resolve, runMs));
    if (began === undefined) return version;
    const { inc, born } = began;
    const lease = begun?.ok === true && begun.value.kind !== 'filled' ? begun.value.lease : undefined;
    if (lease !== undefined) await this.client.fill({ key, lease }, { version, inc, born, tags: [TAG_ID] });
    if (this.coherence.check(began, IDS, key) === 'valid') this.memory.set(key, version);
    return version;
  }

  #forget(what: string): void {
    this.heard.push(what);
    this.memory.clear();
  }
}
