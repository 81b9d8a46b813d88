// What the scripts of the registry do, and what a process makes of their answers. Positions only count: the server's
// clock is taken to be useless.
import type { Bounds } from './bounds.ts';
import type { Kind, LogEntry, Process, Redoable, Registry, Seen, State } from './state.ts';

export interface World {
  readonly bounds: Bounds;
  readonly state: State;
}

export function keepRegistryPast({ bounds, state }: World): void {
  if (state.faults.registryFailover === 0) return;
  const { registry, log } = state;
  state.registryPast.push({ registry: registry && { ...registry }, log: [...log] });
  if (state.registryPast.length > (bounds.lost ?? 0)) state.registryPast.shift();
}

function create(world: World, process: Process, knownHead: number, isAbove: boolean): Registry {
  const { bounds, state } = world;
  let inc = state.nextInc;
  if (bounds.without !== 'incarnation') {
    if (bounds.isClockBehind === true && !isAbove) inc = --state.nextLowInc;
    else inc = state.nextInc = Math.max(state.nextInc, process.inc) + 1;
  }
  const logHead = state.log.at(-1)?.at ?? 0;
  const head =
    bounds.without === 'raise-head' || bounds.without === 'incarnation'
      ? 0
      : Math.max(knownHead, logHead) + 1;
  const registry = { inc, head, group: 0 };
  state.registry = registry;
  state.log = [];
  return registry;
}

/** The append script and its answer. false: not acknowledged, another registry answered. */
export function append(world: World, process: Process, kind: Kind, redone: boolean): boolean {
  const { bounds, state } = world;
  keepRegistryPast(world);
  const registry = state.registry ?? create(world, process, process.head, false);
  const previous = registry.head;
  const at = Math.max(registry.head, process.head) + 1;
  registry.head = at;
  if (kind === 'g') registry.group = at;
  const id = bounds.without === 'compare-by-id' ? 0 : ++state.nextId;
  state.log.push({ at, kind, previous, inc: registry.inc, redone, id });
  if (registry.inc !== process.inc) {
    process.needsSync = true;
    if (bounds.without === 'ack-of-my-incarnation') return true;
    process.isRefused = true;
    return false;
  }
  process.ring.push({ at, kind, id });
  mark(process, kind, at, redone);
  if (previous === process.head || bounds.without === 'own-record-keeps-head') process.head = at;
  else if (previous < process.head) process.needsSync = true;
  return true;
}

/** `isNews`: not the process's own, so what it holds in memory is older. */
export function mark(process: Process, kind: Kind, at: number, isNews: boolean): void {
  if (kind !== 'k' && kind !== 'g') return;
  if (kind === 'k') process.key = Math.max(process.key, at);
  else process.group = Math.max(process.group, at);
  if (!isNews) return;
  process.memory = null;
  if (process.call !== null) process.call.isTouched = true;
}

export function gap(process: Process): void {
  process.memory = null;
  if (process.call !== null) Object.assign(process.call, { isTouched: true, isGap: true });
}

export const isSame = (one: Seen, other: Seen): boolean =>
  one.id === other.id && one.kind === other.kind && (one.id !== 0 || one.at === other.at);

const has = (list: readonly Seen[], one: Seen): boolean => list.some((other) => isSame(one, other));

export function planRedo(process: Process, kind: Kind): void {
  if ((kind === 'k' || kind === 'g') && !process.redo.includes(kind)) process.redo.push(kind);
}

/** The sync script and its answer. `index`: which process. */
export function sync(world: World, process: Process, index: number): void {
  const { bounds, state } = world;
  process.needsSync = false;
  process.isRefused = false;
  keepRegistryPast(world);
  let { registry } = state;
  if (registry === null) registry = create(world, process, process.head, false);
  else if (mayReplace(bounds) && registry.inc < process.inc)
    registry = create(world, process, Math.max(process.head, registry.head), true);
  if (registry.inc !== process.inc) restart(state, process, registry);
  else catchUp(world, process, registry);
  if (process.isSuspect) suspectKeys(bounds, process);
  const isOnlyPublisher = bounds.without === 'redo-by-everybody';
  if (bounds.without === 'redo' || (isOnlyPublisher && index !== 1)) process.redo = [];
}

function mayReplace({ without }: Bounds): boolean {
  return without !== 'incarnation' && without !== 'incarnation-only-rises';
}

function restart(state: State, process: Process, registry: Registry): void {
  gap(process);
  Object.assign(process, { inc: registry.inc, head: registry.head, group: registry.group, key: 0, redo: [] });
  process.ring = state.log.map(({ at, kind, id }) => ({ at, kind, id }));
  for (const { kind, at } of state.log) mark(process, kind, at, false);
}

function catchUp({ bounds, state }: World, process: Process, registry: Registry): void {
  const { head } = process;
  const lost = difference(bounds, state.log, process, registry);
  if (!joins(state.log, head, registry.head) && bounds.without !== 'previous-position') gap(process);
  if (registry.group > process.group) mark(process, 'g', registry.group, true);
  for (const { at, kind, id } of state.log) {
    if (has(process.ring, { at, kind, id })) continue;
    process.ring.push({ at, kind, id });
    mark(process, kind, at, true);
  }
  if (bounds.without === 'raise-head') process.head = registry.head;
  else {
    if (registry.head < head)
      raise(state, registry, head, bounds.without === 'compare-by-id' ? 0 : ++state.nextId);
    process.head = Math.max(head, registry.head);
  }
  for (const { kind } of lost) planRedo(process, kind);
}

function raise(state: State, registry: Registry, head: number, id: number): void {
  state.log.push({ at: head, kind: 'r', previous: registry.head, inc: registry.inc, redone: false, id });
  registry.head = head;
}

/** Records in only one of ring and log. */
function difference(
  bounds: Bounds,
  log: readonly LogEntry[],
  process: Process,
  registry: Registry,
): readonly Seen[] {
  const missing = process.ring.filter((seen) => seen.kind !== 'r' && !has(log, seen));
  if (bounds.without === 'redo-on-any-difference') return registry.head < process.head ? missing : [];
  const cut = log[0]?.previous ?? registry.head;
  const lost = missing.filter(({ at, kind }) => at > cut || (kind === 'g' && registry.group < at));
  const foreign = log.filter((one) => one.kind !== 'r' && one.at <= process.head && !has(process.ring, one));
  return [...lost, ...foreign];
}

function joins(log: readonly LogEntry[], head: number, registryHead: number): boolean {
  let known = head;
  for (const { at, previous } of log) {
    if (at <= known) continue;
    if (previous > known) return false;
    known = at;
  }
  return registryHead <= known;
}

/** The key's server may have lost its deletes, and those of an invalidation that is under way. */
function suspectKeys(bounds: Bounds, process: Process): void {
  process.isSuspect = false;
  process.isWatching = bounds.without !== 'redo-looks-again' && bounds.without !== 'redo-by-everybody';
  const kind: Redoable = 'k';
  if (process.ring.some((seen) => seen.kind === kind)) planRedo(process, kind);
  if (process.phase === 'k2' || process.phase === 'k3') process.phase = 'k1';
}

/** The next record of the log. */
export function follow(bounds: Bounds, process: Process, record: LogEntry): void | false {
  const isOdd =
    (record.inc !== process.inc && bounds.without !== 'incarnation') ||
    (record.previous !== process.head && bounds.without !== 'previous-position');
  if (isOdd) {
    if (process.needsSync) return false;
    process.needsSync = true;
    return undefined;
  }
  process.head = record.at;
  if (has(process.ring, record)) return undefined;
  process.ring.push({ at: record.at, kind: record.kind, id: record.id });
  mark(process, record.kind, record.at, true);
  if (record.redone) process.redo = process.redo.filter((kind) => kind !== record.kind);
  else if (process.isWatching && record.kind === 'k' && bounds.without !== 'redo') planRedo(process, 'k');
  return undefined;
}
