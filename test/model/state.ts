// The state of the protocol's model: one key in one group, a few processes, one store. Values are versions of a source.

/** `x`: some other key. */
export type Kind = 'k' | 'g' | 'x' | 'r';
export type Redoable = 'k' | 'g';

export interface LogEntry {
  readonly at: number;
  readonly kind: Kind;
  readonly previous: number;
  readonly inc: number;
  readonly redone: boolean;
  readonly id: number;
}

export interface Entry {
  readonly version: number;
  readonly born: number;
  readonly inc: number;
}

export interface Seen {
  readonly at: number;
  readonly kind: Kind;
  readonly id: number;
}

/** What a process is doing: a call (read … fill), or an invalidation of the key (lease, entry, log) or the group. */
export type Phase = '' | 'keep' | 'begin' | 'run' | 'fill' | 'k1' | 'k2' | 'k3' | 'g';

export interface Process {
  phase: Phase;
  /** Version in the process's memory. */
  memory: number | null;
  inc: number;
  head: number;
  /** Positions of the last invalidation. */
  group: number;
  key: number;
  ring: Seen[];
  needsSync: boolean;
  /** The key's server may be another one, unseen by a synchronisation. */
  isSuspect: boolean;
  /** Records of others that arrive are done again. */
  isWatching: boolean;
  redo: Redoable[];
  /** Of the call: what it holds, as of when; a record or a gap came since. */
  call: {
    version: number;
    born: number;
    inc: number;
    lease: number;
    isTouched: boolean;
    isGap: boolean;
  } | null;
  /** Of the invalidation: the version that it makes visible. */
  target: number;
  /** Its append was answered by another registry. */
  isRefused: boolean;
}

export interface Registry {
  inc: number;
  head: number;
  group: number;
}

export interface State {
  source: number;
  /** Newest version whose invalidation was acknowledged. */
  acked: number;
  calls: number;
  invalidations: number;
  otherKeys: number;
  trims: number;
  faults: FaultCounts;
  /** A fault has happened: only a quiet state is judged. */
  isHurt: boolean;
  entry: Entry | null;
  lease: number;
  registry: Registry | null;
  log: LogEntry[];
  /** Earlier states of the key's and of the registry's server, as far as a failover may go back. */
  keyPast: { readonly entry: Entry | null; readonly lease: number }[];
  registryPast: { readonly registry: Readonly<Registry> | null; readonly log: readonly LogEntry[] }[];
  nextLease: number;
  nextInc: number;
  /** Incarnations by a host whose clock is behind. */
  nextLowInc: number;
  nextId: number;
  processes: Process[];
}

export interface FaultCounts {
  keyFailover: number;
  registryFailover: number;
  leaseEvicted: number;
  registryEvicted: number;
  logEvicted: number;
  flushed: number;
  died: number;
}

export const NO_FAULTS: FaultCounts = {
  keyFailover: 0,
  registryFailover: 0,
  leaseEvicted: 0,
  registryEvicted: 0,
  logEvicted: 0,
  flushed: 0,
  died: 0,
};

export function newProcess(inc: number): Process {
  return {
    phase: '',
    memory: null,
    inc,
    head: 0,
    group: 0,
    key: 0,
    ring: [],
    needsSync: inc === 0,
    isSuspect: false,
    isWatching: false,
    redo: [],
    call: null,
    target: 0,
    isRefused: false,
  };
}

/** Deep. Log entries and what a ring has seen never change once they are made. */
export function copyState(state: State): State {
  return {
    ...state,
    faults: { ...state.faults },
    entry: state.entry && { ...state.entry },
    registry: state.registry && { ...state.registry },
    log: [...state.log],
    keyPast: [...state.keyPast],
    registryPast: [...state.registryPast],
    processes: state.processes.map((process) => ({
      ...process,
      ring: [...process.ring],
      redo: [...process.redo],
      call: process.call && { ...process.call },
    })),
  };
}
