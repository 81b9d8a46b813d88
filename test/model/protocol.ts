// The protocol as a model: what processes and faults may do next, and what must never be seen.
import type { Bounds } from './bounds.ts';
import { decodeState, stateEncoder } from './encode-state.ts';
import type { Model } from './explore.ts';
import { append, follow, gap, sync, type World } from './registry.ts';
import { copyState, newProcess, NO_FAULTS, type LogEntry, type Process, type State } from './state.ts';

type Step = (name: string, change: (copy: State) => void | false) => void;

/** Changes the copy's own process. */
type ProcessStep = (name: string, change: (process: Process, world: World) => void | false) => void;

export function protocol(bounds: Bounds): Model<State> {
  return {
    initial: {
      source: 0,
      acked: 0,
      calls: bounds.calls,
      invalidations: bounds.invalidations,
      otherKeys: bounds.otherKeys ?? 0,
      trims: bounds.trims ?? 0,
      faults: { ...NO_FAULTS, ...bounds.faults },
      isHurt: false,
      entry: null,
      lease: 0,
      registry: { inc: 1, head: 0, group: 0 },
      log: [],
      keyPast: [],
      registryPast: [],
      nextLease: 1,
      nextInc: 1,
      nextLowInc: 0,
      nextId: 0,
      processes: Array.from({ length: bounds.processes }, () => newProcess(1)),
    },
    copy: copyState,
    next(state, step) {
      for (const [index, process] of state.processes.entries()) {
        const own: ProcessStep = (name, change) =>
          step(`P${index} ${name}`, (copy) => {
            const mine = copy.processes[index];
            return mine === undefined ? false : change(mine, { bounds, state: copy });
          });
        linkSteps({ bounds, state }, process, index, own);
        callSteps({ bounds, state }, process, index, own);
        invalidationSteps({ bounds, state }, process, index, own);
      }
      faultSteps(bounds, state, step);
    },
    wrong: (state) => wrong(bounds, state),
    encode: stateEncoder(bounds),
    decode: decodeState,
  };
}

const may = ({ roles }: Bounds, index: number, role: string): boolean =>
  roles === undefined ? role !== 'x' : (roles[index] ?? '').includes(role);

const nextRecord = (state: State, process: Process): LogEntry | undefined =>
  state.log.find(({ at }) => at > process.head);

function keepKeyPast({ bounds, state }: World): void {
  if (state.faults.keyFailover === 0) return;
  state.keyPast.push({ entry: state.entry && { ...state.entry }, lease: state.lease });
  if (state.keyPast.length > (bounds.lost ?? 0)) state.keyPast.shift();
}

function isValid(bounds: Bounds, process: Process, entry: { born: number; inc: number }): boolean {
  const isOfRegistry = bounds.without === 'incarnation' || entry.inc === process.inc;
  const isAfterKey = bounds.noKeyMarks === true || process.key <= entry.born;
  return isOfRegistry && process.group <= entry.born && isAfterKey;
}

/** Following and synchronising. */
function linkSteps({ bounds, state }: World, process: Process, index: number, own: ProcessStep): void {
  const record = process.inc === 0 ? undefined : nextRecord(state, process);
  if (record !== undefined)
    own(`gets record ${record.kind}@${record.at}`, (mine) => follow(bounds, mine, record));
  if (process.needsSync) own('synchronises', (mine, world) => sync(world, mine, index));
  else {
    if (record === undefined && !isInStep(state, process) && bounds.without !== 'check-each-second')
      own('looks and sees a difference', (mine) => void (mine.needsSync = true));
    for (const kind of process.redo)
      own(`does ${kind} again`, (mine, world) => {
        mine.redo = mine.redo.filter((other) => other !== kind);
        if (kind === 'k') {
          keepKeyPast(world);
          world.state.lease = 0;
          world.state.entry = null;
        }
        append(world, mine, kind, true);
      });
  }
}

const isInStep = ({ registry }: State, process: Process): boolean =>
  registry?.inc === process.inc && registry.head === process.head;

/** GET, begin, run, fill. */
function callSteps({ bounds, state }: World, process: Process, index: number, own: ProcessStep): void {
  if (process.inc !== 0 && process.phase === '' && state.calls > 0 && may(bounds, index, 'c'))
    own(`reads the store (head ${process.head})`, (mine, { state: copy }) => {
      copy.calls--;
      const { entry } = copy;
      const isHit = entry !== null && isValid(bounds, mine, entry);
      mine.phase = isHit ? 'keep' : 'begin';
      if (isHit) mine.call = { ...entry, lease: 0, isTouched: false, isGap: false };
    });
  const { call } = process;
  if (process.phase === 'begin')
    own(`begins (head ${process.head})`, (mine, world) => {
      keepKeyPast(world);
      if (world.state.lease === 0 && bounds.without !== 'lease') world.state.lease = world.state.nextLease++;
      const { head: born, inc } = mine;
      mine.call = { version: -1, born, inc, lease: world.state.lease, isTouched: false, isGap: false };
      mine.phase = 'run';
    });
  if (call === null) return;
  if (process.phase === 'keep')
    own(`keeps v${call.version} in memory`, (mine) => {
      const isAsOfStore = bounds.without === 'memory-as-of-request';
      // Marks that were forgotten leave behind that something was known since.
      const isBroken = call.isGap || (bounds.noKeyMarks === true && call.isTouched);
      const isUnbroken = !isBroken || bounds.without === 'nothing-kept-over-a-gap';
      if (isAsOfStore || (isUnbroken && isValid(bounds, mine, call))) mine.memory = call.version;
      endCall(mine);
    });
  if (process.phase === 'run')
    own(`runs the function: v${state.source}`, (mine, { state: copy }) => {
      if (mine.call !== null) mine.call.version = copy.source;
      mine.phase = 'fill';
    });
  if (process.phase === 'fill')
    own(`fills v${call.version}`, (mine, world) => {
      const { state: copy } = world;
      const isLate = bounds.without === 'born-before-run';
      const { born, inc } = isLate ? { born: mine.head, inc: mine.inc } : call;
      if (bounds.without === 'lease' || copy.lease === call.lease) {
        keepKeyPast(world);
        copy.entry = { version: call.version, born, inc };
        copy.lease = 0;
      }
      if (isLate || !call.isTouched) mine.memory = call.version;
      endCall(mine);
    });
}

function endCall(process: Process): void {
  process.phase = '';
  process.call = null;
}

function acknowledge(process: Process, state: State): void {
  state.acked = Math.max(state.acked, process.target);
  process.target = 0;
  process.phase = '';
}

/** The source changes, then: lease, entry, record. */
function invalidationSteps(
  { bounds, state }: World,
  process: Process,
  index: number,
  own: ProcessStep,
): void {
  const isIdle = process.inc !== 0 && process.phase === '';
  if (isIdle && state.invalidations > 0 && may(bounds, index, 'v'))
    for (const kind of bounds.kinds ?? (['k', 'g'] as const))
      own(`changes the source to v${state.source + 1} and invalidates ${kind}`, (mine, { state: copy }) => {
        copy.source++;
        copy.invalidations--;
        mine.target = copy.source;
        mine.memory = null;
        mine.phase = kind === 'k' ? 'k1' : 'g';
      });
  if (isIdle && state.otherKeys > 0 && may(bounds, index, 'x'))
    own('invalidates another key', (mine, world) => {
      world.state.otherKeys--;
      append(world, mine, 'x', false);
    });
  const { without } = bounds;
  const isEntryFirst = without === 'lease-before-entry';
  const isRecordFirst = without === 'deletes-before-record';
  const drop = (what: 'lease' | 'entry', world: World): void => {
    keepKeyPast(world);
    if (what === 'lease') world.state.lease = 0;
    else world.state.entry = null;
  };
  if (process.phase === 'k1')
    own(isRecordFirst ? 'logs the key' : `deletes the ${isEntryFirst ? 'entry' : 'lease'}`, (mine, world) => {
      if (isRecordFirst) append(world, mine, 'k', false);
      else drop(isEntryFirst ? 'entry' : 'lease', world);
      mine.phase = 'k2';
    });
  if (process.phase === 'k2')
    own(isRecordFirst ? 'deletes both' : `deletes the ${isEntryFirst ? 'lease' : 'entry'}`, (mine, world) => {
      drop(isEntryFirst ? 'lease' : 'entry', world);
      if (isRecordFirst) {
        drop('lease', world);
        acknowledge(mine, world.state);
      } else mine.phase = 'k3';
    });
  if ((process.phase === 'k3' || process.phase === 'g') && !process.isRefused)
    own(
      `logs ${process.phase === 'g' ? 'the group' : 'the key'}, acknowledged v${process.target}`,
      (mine, world) => {
        if (append(world, mine, mine.phase === 'g' ? 'g' : 'k', false)) acknowledge(mine, world.state);
        else if (mine.phase === 'k3') mine.phase = 'k1';
      },
    );
}

/** What the world does to them. */
function faultSteps(bounds: Bounds, state: State, step: Step): void {
  const fault = (kind: keyof State['faults'], name: string, change: (copy: State) => void): void => {
    if (state.faults[kind] > 0)
      step(name, (copy) => {
        copy.faults[kind]--;
        copy.isHurt = true;
        change(copy);
      });
  };
  for (const index of state.processes.keys())
    if (bounds.dies === undefined || bounds.dies === index)
      fault('died', `P${index} dies, a fresh one takes its place`, (copy) => {
        copy.processes[index] = newProcess(0);
      });
  for (let back = 1; back <= state.keyPast.length; back++)
    fault('keyFailover', `the key's server fails over, ${back} writes lost`, (copy) => {
      const past = copy.keyPast.at(-back);
      Object.assign(copy, { entry: past?.entry ?? null, lease: past?.lease ?? 0, keyPast: [] });
      for (const process of copy.processes) process.needsSync = process.isSuspect = true;
    });
  for (let back = 1; back <= state.registryPast.length; back++)
    fault('registryFailover', `the registry's server fails over, ${back} writes lost`, (copy) => {
      const past = copy.registryPast.at(-back);
      copy.registry = past?.registry ? { ...past.registry } : null;
      copy.log = [...(past?.log ?? [])];
      copy.registryPast = [];
      for (const process of copy.processes) process.needsSync = true;
    });
  if (state.lease !== 0) fault('leaseEvicted', 'the lease is evicted', (copy) => void (copy.lease = 0));
  if (state.registry !== null)
    fault('registryEvicted', 'the registry is evicted', (copy) => void (copy.registry = null));
  if (state.log.length > 0) fault('logEvicted', 'the log is evicted', (copy) => void (copy.log = []));
  fault(
    'flushed',
    'FLUSHALL',
    (copy) => void Object.assign(copy, { registry: null, log: [], entry: null, lease: 0 }),
  );
  if (state.trims > 0 && state.processes.every((process) => isQuiet(bounds, state, process)))
    step('two minutes pass', (copy) => {
      copy.trims--;
      Object.assign(copy, { log: [], lease: 0, keyPast: [], registryPast: [] });
      for (const process of copy.processes) forget(process);
    });
}

/** What is no longer known of single keys may be about a call that still runs. */
function forget(process: Process): void {
  const { memory } = process;
  gap(process);
  Object.assign(process, { memory, key: 0, ring: [], isWatching: false });
}

function isQuiet(bounds: Bounds, state: State, process: Process): boolean {
  const isSettled =
    !process.needsSync && process.redo.length === 0 && nextRecord(state, process) === undefined;
  return isSettled && (bounds.without === 'check-each-second' || isInStep(state, process));
}

/** Without faults every process that has heard everything is right; after faults, once all have. */
function wrong(bounds: Bounds, state: State): string | undefined {
  const quiet = state.processes.map((process) => isQuiet(bounds, state, process));
  for (const [index, process] of state.processes.entries()) {
    if (state.isHurt ? quiet.includes(false) : quiet[index] === false) continue;
    const { memory } = process;
    if (memory !== null && memory < state.acked)
      return `P${index} serves v${memory} from memory, v${state.acked} was acknowledged`;
    const { entry } = state;
    if (entry !== null && entry.version < state.acked && isValid(bounds, process, entry))
      return `P${index} serves v${entry.version} from the store, v${state.acked} was acknowledged`;
  }
  return undefined;
}
