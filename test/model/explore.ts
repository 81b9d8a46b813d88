// Breadth-first search over the states of a model: the shortest way to a wrong state, or the number of states without one.
import { hash } from 'node:crypto';

export interface Model<S> {
  readonly initial: S;
  /** A deep copy. */
  copy(state: S): S;
  /** Calls `step` for each thing that may happen next; `change` gets a copy of the state and edits it. false: it may not. */
  next(state: S, step: (name: string, change: (copy: S) => void | false) => void): void;
  /** Why the state is wrong. */
  wrong(state: S): string | undefined;
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

/** `mostStates`: the search ends there without a finding. */
export function explore<S>(model: Model<S>, mostStates: number = 5_000_000): Outcome {
  const seen = new Set<string>();
  const states: (S | undefined)[] = [];
  const parents: number[] = [];
  const names: string[] = [];
  const add = (state: S, parent: number, name: string): void => {
    const digest = hash('md5', JSON.stringify(state), 'base64');
    if (seen.has(digest)) return;
    seen.add(digest);
    states.push(state);
    parents.push(parent);
    names.push(name);
  };
  const traceTo = (end: number): string[] => {
    const trace: string[] = [];
    for (let at = end; at > 0; at = parents[at] ?? 0) trace.push(names[at] ?? '');
    return trace.toReversed();
  };
  add(model.initial, -1, '');
  for (let at = 0; at < states.length; at++) {
    const state = states[at];
    if (state === undefined) break;
    states[at] = undefined; // from now on its digest is enough
    const wrong = model.wrong(state);
    if (wrong !== undefined) return { wrong, trace: traceTo(at), states: states.length, isComplete: false };
    if (states.length > mostStates)
      return { wrong: undefined, trace: [], states: states.length, isComplete: false };
    model.next(state, (name, change) => {
      const copy = model.copy(state);
      if (change(copy) !== false) add(copy, at, name);
    });
  }
  return { wrong: undefined, trace: [], states: states.length, isComplete: true };
}
