// The worlds in which the protocol is searched: whole, and with each of its rules taken away.
import type { Bounds, Removal } from './bounds.ts';

/** Small enough to be searched to the end, each with the rule that it takes to hold. */
export const REMOVALS: Readonly<Record<Removal, Omit<Bounds, 'without'>>> = {
  // A plain SET by a fill.
  lease: { processes: 2, invalidations: 1, calls: 1, kinds: ['k'], noKeyMarks: true },
  // The entry is deleted first: a fill between the two is still let in.
  'lease-before-entry': { processes: 2, invalidations: 1, calls: 1, kinds: ['k'], noKeyMarks: true },
  // The record is sent first: it arrives, and the old entry is read after it.
  'deletes-before-record': { processes: 2, invalidations: 1, calls: 2, kinds: ['k'], noKeyMarks: true },
  // Entries are stamped when they are stored.
  'born-before-run': { processes: 2, invalidations: 1, calls: 1, kinds: ['g'] },
  // What a read brought is kept although a record came while it was on its way.
  'memory-as-of-request': { processes: 2, invalidations: 1, calls: 2, kinds: ['k'] },
  // The same for a gap.
  'nothing-kept-over-a-gap': {
    processes: 2,
    invalidations: 1,
    calls: 2,
    kinds: ['k'],
    faults: { logEvicted: 1 },
  },
  // An own record moves the head over those of others.
  'own-record-keeps-head': { processes: 2, invalidations: 1, calls: 1, otherKeys: 1, roles: ['cx', 'v'] },
  'ack-of-my-incarnation': {
    processes: 2,
    invalidations: 1,
    calls: 1,
    kinds: ['g'],
    faults: { registryFailover: 1, registryEvicted: 1 },
    lost: 2,
  },
  'previous-position': { processes: 2, invalidations: 1, calls: 2, kinds: ['k'], faults: { logEvicted: 1 } },
  'check-each-second': { processes: 2, invalidations: 1, calls: 1, faults: { flushed: 1 } },
  incarnation: {
    processes: 2,
    invalidations: 1,
    calls: 1,
    kinds: ['g'],
    faults: { registryEvicted: 1, died: 1 },
  },
  // A process goes back to a registry older than one it has seen.
  'incarnation-only-rises': {
    processes: 2,
    roles: ['cv', 'v'],
    invalidations: 1,
    calls: 1,
    kinds: ['g'],
    faults: { registryFailover: 1, registryEvicted: 1 },
    lost: 2,
  },
  redo: {
    processes: 2,
    invalidations: 1,
    calls: 1,
    kinds: ['k'],
    trims: 1,
    faults: { keyFailover: 1 },
    lost: 2,
  },
  // Only the process that invalidated does it again, and that one dies.
  'redo-by-everybody': {
    processes: 2,
    invalidations: 1,
    calls: 1,
    kinds: ['k'],
    trims: 1,
    roles: ['c', 'v'],
    faults: { keyFailover: 1, died: 1 },
    dies: 1,
    lost: 3,
  },
  // Done again only where the server is behind the process.
  'redo-on-any-difference': {
    processes: 2,
    invalidations: 2,
    calls: 1,
    kinds: ['g'],
    roles: ['cv', 'v'],
    faults: { registryFailover: 1 },
    lost: 2,
  },
  // Positions are handed out twice.
  'compare-by-id': {
    processes: 2,
    invalidations: 2,
    calls: 1,
    kinds: ['g'],
    roles: ['cv', 'v'],
    faults: { registryFailover: 1 },
    lost: 2,
  },
  'raise-head': {
    processes: 2,
    invalidations: 2,
    calls: 1,
    kinds: ['g'],
    roles: ['cv', ''],
    faults: { registryFailover: 1 },
    lost: 2,
  },
  // Records that arrive after the change of server are not looked at.
  'redo-looks-again': {
    processes: 2,
    invalidations: 1,
    calls: 1,
    kinds: ['k'],
    trims: 1,
    roles: ['c', 'v'],
    faults: { keyFailover: 1, died: 1 },
    dies: 1,
    lost: 3,
  },
};

/** The whole protocol in larger worlds. Some take minutes to be searched to the end. */
export const WORLDS: Readonly<Record<string, Bounds>> = {
  'two processes, nothing fails': { processes: 2, invalidations: 2, calls: 3 },
  'three processes and other keys': {
    processes: 3,
    invalidations: 1,
    calls: 2,
    otherKeys: 1,
    roles: ['c', 'c', 'vx'],
  },
  'lease evicted': { processes: 2, invalidations: 2, calls: 2, faults: { leaseEvicted: 1 } },
  'registry evicted': { processes: 2, invalidations: 2, calls: 2, faults: { registryEvicted: 1 } },
  'log evicted': { processes: 2, invalidations: 2, calls: 2, faults: { logEvicted: 1 } },
  FLUSHALL: { processes: 2, invalidations: 2, calls: 2, faults: { flushed: 1 } },
  'a process dies': { processes: 2, invalidations: 2, calls: 2, faults: { died: 1 } },
  'the key fails over': {
    processes: 2,
    invalidations: 1,
    calls: 2,
    otherKeys: 1,
    trims: 1,
    roles: ['cv', 'vx'],
    faults: { keyFailover: 1 },
    lost: 3,
  },
  'the key fails over and who invalidated dies': {
    processes: 2,
    invalidations: 1,
    calls: 2,
    trims: 1,
    roles: ['c', 'v'],
    faults: { keyFailover: 1, died: 1 },
    dies: 1,
    lost: 3,
  },
  'the registry fails over': {
    processes: 2,
    invalidations: 2,
    calls: 1,
    faults: { registryFailover: 1 },
    lost: 2,
  },
  'the registry fails over, more calls': {
    processes: 2,
    invalidations: 2,
    calls: 2,
    kinds: ['g'],
    faults: { registryFailover: 1 },
    lost: 2,
  },
  'the registry fails over under three processes': {
    processes: 3,
    invalidations: 2,
    calls: 1,
    kinds: ['g'],
    roles: ['c', 'v', 'v'],
    faults: { registryFailover: 1 },
    lost: 2,
  },
  'the registry fails over and is evicted': {
    processes: 2,
    invalidations: 2,
    calls: 1,
    kinds: ['g'],
    faults: { registryFailover: 1, registryEvicted: 1 },
    lost: 2,
  },
  'the registry is evicted and made again by a host whose clock is behind': {
    processes: 2,
    invalidations: 2,
    calls: 2,
    kinds: ['g'],
    faults: { registryEvicted: 1, died: 1 },
    isClockBehind: true,
  },
};
