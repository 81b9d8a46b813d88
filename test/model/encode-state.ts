// The model's state as bytes, the same for states that differ in names only: of records and leases, and of processes that
// may do the same. What no later step depends on is not written.
import type { Bounds } from './bounds.ts';
import {
  NO_FAULTS,
  type Entry,
  type FaultCounts,
  type Kind,
  type LogEntry,
  type Phase,
  type Process,
  type Redoable,
  type Registry,
  type Seen,
  type State,
} from './state.ts';

const PHASES: readonly Phase[] = ['', 'keep', 'begin', 'run', 'fill', 'k1', 'k2', 'k3', 'g'];
const KINDS: readonly Kind[] = ['k', 'g', 'x', 'r'];
const REDOABLE: readonly Redoable[] = ['k', 'g'];
const FAULTS = Object.keys(NO_FAULTS) as (keyof FaultCounts)[]; // its own keys
/** Numbers are small; incarnations made by a clock that is behind are below 0. */
const OFFSET = 64;
const NOTHING = 255;

/** Numbers for names, in the order of their appearance. 0 is no name and stays. */
class Names {
  readonly #numbers = new Map<number, number>();

  numberOf(name: number): number {
    if (name === 0) return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(name, number);
    return number;
  }

  known(name: number): number | undefined {
    return this.#numbers.get(name);
  }

  copy(): Names {
    const copied = new Names();
    for (const [name, number] of this.#numbers) copied.#numbers.set(name, number);
    return copied;
  }
}

class Writer {
  length = 0;
  leases = new Names();
  ids = new Names();
  readonly #into: Uint8Array;

  constructor(into: Uint8Array) {
    this.#into = into;
  }

  number(value: number): void {
    if (value < -OFFSET || value >= NOTHING - OFFSET) throw new Error(`${value} does not fit.`);
    this.#into[this.length++] = value + OFFSET;
  }

  nothing(): void {
    this.#into[this.length++] = NOTHING;
  }

  flags(...flags: readonly boolean[]): void {
    this.number(flags.reduce((sum, flag, at) => sum + (flag ? 2 ** at : 0), 0));
  }

  entry(entry: Entry | null): void {
    if (entry === null) return this.nothing();
    for (const value of [entry.version, entry.born, entry.inc]) this.number(value);
  }

  registry(registry: Readonly<Registry> | null, log: readonly LogEntry[]): void {
    if (registry === null) this.nothing();
    else for (const value of [registry.inc, registry.head, registry.group]) this.number(value);
    this.number(log.length);
    for (const { at, kind, previous, inc, redone, id } of log) {
      for (const value of [at, previous, inc]) this.number(value);
      this.number(KINDS.indexOf(kind) + (redone ? KINDS.length : 0));
      this.number(this.ids.numberOf(id));
    }
  }

  /** `all`: in the order in which they are written. */
  process(process: Process, all: readonly Process[]): void {
    const { phase, memory, inc, head, group, key, redo, target, call } = process;
    this.number(PHASES.indexOf(phase));
    if (memory === null) this.nothing();
    else this.number(memory);
    for (const value of [inc, head, group, key, target]) this.number(value);
    this.flags(process.needsSync, process.isSuspect, process.isWatching, process.isRefused);
    this.flags(...REDOABLE.map((kind) => redo.includes(kind)));
    if (call === null) this.nothing();
    else {
      for (const value of [call.version, call.born, call.inc]) this.number(value);
      this.number(this.leases.numberOf(call.lease));
      this.flags(call.isTouched, call.isGap);
    }
    this.#ring(process.ring, all);
  }

  /** Records of other keys and raised heads are no reason to do anything. The order of the others is neither. */
  #ring(ring: readonly Seen[], all: readonly Process[]): void {
    const kept = ring.filter(({ kind }) => kind === 'k' || kind === 'g');
    kept.sort(
      (a, b) => a.at - b.at || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || this.#byName(a, b, all),
    );
    this.number(kept.length);
    for (const { at, kind, id } of kept) {
      this.number(at);
      this.number(KINDS.indexOf(kind));
      this.number(this.ids.numberOf(id));
    }
  }

  /** Of two records with one position; where neither has a number yet, by who has seen it. */
  #byName(a: Seen, b: Seen, all: readonly Process[]): number {
    const [one, other] = [a, b].map(({ id }) => this.ids.known(id) ?? Number.MAX_SAFE_INTEGER);
    if (one !== other) return (one ?? 0) - (other ?? 0);
    const seenBy = ({ id }: Seen): string =>
      all.map(({ ring }) => (ring.some((seen) => seen.id === id) ? 'y' : 'n')).join('');
    return seenBy(a) < seenBy(b) ? -1 : 1;
  }
}

/** Orders of the processes that cannot be told apart. */
function orders({ processes, roles, dies, without }: Bounds): readonly (readonly number[])[] {
  const all = Array.from({ length: processes }, (_, at) => at);
  // In that model one process is not like the others.
  if (without === 'redo-by-everybody') return [all];
  const kindOf = (at: number): string => `${roles?.[at] ?? ''}${dies === at ? '!' : ''}`;
  return permutations(all).filter((order) => order.every((from, to) => kindOf(from) === kindOf(to)));
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, at) => permutations(items.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

/** For all states of one model. */
export function stateEncoder(bounds: Bounds): (state: State, into: Uint8Array) => number {
  const all = orders(bounds);
  const tries = all.map(() => new Uint8Array(1024));
  return (state, into) => {
    const head = new Writer(into);
    writeShared(head, state);
    let best: Uint8Array | undefined;
    for (const [at, order] of all.entries()) {
      const bytes = tries[at] ?? new Uint8Array();
      const writer = new Writer(bytes);
      writer.ids = head.ids.copy();
      writer.leases = head.leases.copy();
      const ordered = order.flatMap((index) => state.processes[index] ?? []);
      for (const process of ordered) writer.process(process, ordered);
      const written = bytes.subarray(0, writer.length);
      if (best === undefined || Buffer.compare(written, best) < 0) best = written;
    }
    into.set(best ?? new Uint8Array(), head.length);
    return head.length + (best?.length ?? 0);
  };
}

function writeShared(writer: Writer, state: State): void {
  const { source, acked, calls, invalidations, otherKeys, trims, nextInc, nextLowInc } = state;
  for (const value of [source, acked, calls, invalidations, otherKeys, trims, nextInc, nextLowInc])
    writer.number(value);
  for (const fault of FAULTS) writer.number(state.faults[fault]);
  writer.flags(state.isHurt);
  writer.entry(state.entry);
  writer.number(writer.leases.numberOf(state.lease));
  writer.registry(state.registry, state.log);
  writer.number(state.keyPast.length);
  for (const { entry, lease } of state.keyPast) {
    writer.entry(entry);
    writer.number(writer.leases.numberOf(lease));
  }
  writer.number(state.registryPast.length);
  for (const { registry, log } of state.registryPast) writer.registry(registry, log);
  writer.number(state.processes.length);
}

class Reader {
  #at = 0;
  mostLease = 0;
  mostId = 0;
  readonly #from: Uint8Array;

  constructor(from: Uint8Array) {
    this.#from = from;
  }

  number(): number {
    return (this.#from[this.#at++] ?? 0) - OFFSET;
  }

  isNothing(): boolean {
    const isNothing = this.#from[this.#at] === NOTHING;
    if (isNothing) this.#at++;
    return isNothing;
  }

  flag(flags: number, at: number): boolean {
    return (flags & (2 ** at)) !== 0;
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: this.number() }, one);
  }

  lease(): number {
    const lease = this.number();
    this.mostLease = Math.max(this.mostLease, lease);
    return lease;
  }

  #id(): number {
    const id = this.number();
    this.mostId = Math.max(this.mostId, id);
    return id;
  }

  entry(): Entry | null {
    return this.isNothing() ? null : { version: this.number(), born: this.number(), inc: this.number() };
  }

  registry(): { registry: Registry | null; log: LogEntry[] } {
    const registry = this.isNothing()
      ? null
      : { inc: this.number(), head: this.number(), group: this.number() };
    const log = this.list((): LogEntry => {
      const [at, previous, inc, kind] = [this.number(), this.number(), this.number(), this.number()];
      const redone = kind >= KINDS.length;
      return { at, previous, inc, redone, kind: KINDS[kind % KINDS.length] ?? 'r', id: this.#id() };
    });
    return { registry, log };
  }

  process(): Process {
    const phase = PHASES[this.number()] ?? '';
    const memory = this.isNothing() ? null : this.number();
    const [inc, head, group, key, target] = [
      this.number(),
      this.number(),
      this.number(),
      this.number(),
      this.number(),
    ];
    const [flags, redone] = [this.number(), this.number()];
    const call = this.#call();
    const ring = this.list((): Seen => {
      const [at, kind] = [this.number(), this.number()];
      return { at, kind: KINDS[kind] ?? 'r', id: this.#id() };
    });
    const redo = REDOABLE.filter((_, at) => this.flag(redone, at));
    const [needsSync, isSuspect, isWatching, isRefused] = [0, 1, 2, 3].map((at) => this.flag(flags, at)) as [
      boolean,
      boolean,
      boolean,
      boolean,
    ]; // four of them
    const own = { needsSync, isSuspect, isWatching, isRefused };
    return { phase, memory, inc, head, group, key, target, ...own, redo, call, ring };
  }

  #call(): Process['call'] {
    if (this.isNothing()) return null;
    const [version, born, inc] = [this.number(), this.number(), this.number()];
    const lease = this.lease();
    const flags = this.number();
    return { version, born, inc, lease, isTouched: this.flag(flags, 0), isGap: this.flag(flags, 1) };
  }
}

export function decodeState(bytes: Uint8Array): State {
  const reader = new Reader(bytes);
  const [source, acked, calls, invalidations] = [
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
  ];
  const [otherKeys, trims, nextInc, nextLowInc] = [
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
  ];
  const faults = { ...NO_FAULTS };
  for (const fault of FAULTS) faults[fault] = reader.number();
  const isHurt = reader.flag(reader.number(), 0);
  const entry = reader.entry();
  const lease = reader.lease();
  const { registry, log } = reader.registry();
  const keyPast = reader.list(() => ({ entry: reader.entry(), lease: reader.lease() }));
  const registryPast = reader.list(() => reader.registry());
  const processes = reader.list(() => reader.process());
  const counts = { source, acked, calls, invalidations, otherKeys, trims, nextInc, nextLowInc };
  const stores = { entry, lease, registry, log, keyPast, registryPast };
  const names = { nextLease: reader.mostLease + 1, nextId: reader.mostId };
  return { ...counts, faults, isHurt, ...stores, ...names, processes };
}
