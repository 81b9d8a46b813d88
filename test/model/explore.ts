// Breadth-first search over the states of a model: the shortest way to a wrong state, or the number of states without one.
import { fingerprint, SeenStates, type Fingerprint } from './seen-states.ts';

export interface Model<S> {
  readonly initial: S;
  /** A deep copy. */
  copy(state: S): S;
  /** Calls `step` for each thing that may happen next; `change` gets a copy of the state and edits it. false: it may not. */
  next(state: S, step: (name: string, change: (copy: S) => void | false) => void): void;
  /** Why the state is wrong. */
  wrong(state: S): string | undefined;
  /**
   * Writes the state and returns how long that is. States that differ only in names (of processes, records, leases) may
   * be written alike: one of them stands for all.
   */
  encode(state: S, into: Uint8Array): number;
  decode(bytes: Uint8Array): S;
}

export interface Outcome {
  /** undefined: nothing wrong was found. */
  readonly wrong: string | undefined;
  /** What happened, in order. Empty when nothing is wrong. */
  readonly trace: readonly string[];
  readonly states: number;
  /** Every reachable state was seen. */
  readonly isComplete: boolean;
}

const MOST_BYTES = 4096;

/** `mostStates`: the search ends there without a finding. */
export function explore<S>(model: Model<S>, mostStates: number = 50_000_000): Outcome {
  const seen = new SeenStates();
  const scratch = new Uint8Array(MOST_BYTES);
  const print: Fingerprint = { high: 0, low: 0 };
  const waiting = new Waiting();
  const add = (state: S, parent: number): void => {
    const length = model.encode(state, scratch);
    if (seen.add(fingerprint(scratch, length, print), parent)) waiting.push(scratch.subarray(0, length));
  };
  add(model.initial, -1);
  for (let at = 0; at < seen.count; at++) {
    const state = model.decode(waiting.shift());
    const wrong = model.wrong(state);
    if (wrong !== undefined)
      return { wrong, trace: replay(model, seen, at), states: seen.count, isComplete: false };
    if (seen.count > mostStates)
      return { wrong: undefined, trace: [], states: seen.count, isComplete: false };
    model.next(state, (_, change) => {
      const copy = model.copy(state);
      if (change(copy) !== false) add(copy, at);
    });
  }
  return { wrong: undefined, trace: [], states: seen.count, isComplete: true };
}

/** The names of the steps to a state: of each state on the way only the fingerprint is kept. */
function replay<S>(model: Model<S>, seen: SeenStates, end: number): string[] {
  const scratch = new Uint8Array(MOST_BYTES);
  const print: Fingerprint = { high: 0, low: 0 };
  const trace: string[] = [];
  let state = model.initial;
  for (const index of seen.pathTo(end).slice(1)) {
    let found: S | undefined;
    model.next(state, (name, change) => {
      if (found !== undefined) return;
      const copy = model.copy(state);
      if (change(copy) === false) return;
      if (!seen.isAt(index, fingerprint(scratch, model.encode(copy, scratch), print))) return;
      found = copy;
      trace.push(name);
    });
    if (found === undefined) throw new Error('States that are written alike do not go on alike.');
    state = found;
  }
  return trace;
}

const BLOCK_BYTES = 1 << 20;

/** Written states in the order of their finding; what was read is let go. */
class Waiting {
  readonly #blocks: Uint8Array[] = [];
  #written = BLOCK_BYTES;
  #read = 0;

  push(bytes: Uint8Array): void {
    if (this.#written + bytes.length + 2 > BLOCK_BYTES) {
      this.#blocks.push(new Uint8Array(BLOCK_BYTES));
      this.#written = 0;
    }
    const block = this.#blocks.at(-1);
    block?.set([bytes.length & 0xff, bytes.length >> 8], this.#written);
    block?.set(bytes, this.#written + 2);
    this.#written += bytes.length + 2;
  }

  /** Of those pushed, the first that was not read. Valid until the next push. */
  shift(): Uint8Array {
    let [block] = this.#blocks;
    let length = lengthAt(block, this.#read);
    if (length === 0) {
      this.#blocks.shift();
      this.#read = 0;
      [block] = this.#blocks;
      length = lengthAt(block, 0);
    }
    const from = this.#read + 2;
    this.#read = from + length;
    return block?.subarray(from, from + length) ?? new Uint8Array();
  }
}

/** 0: the block ends there. */
function lengthAt(block: Uint8Array | undefined, at: number): number {
  return (block?.[at] ?? 0) | ((block?.[at + 1] ?? 0) << 8);
}
