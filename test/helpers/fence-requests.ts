// Requests to the fence and the log of a backend, as a process makes them.
import { randomBytes } from 'node:crypto';
import type { BeginRequest, FillRequest } from '../../runtime/backend/fence-capability.ts';
import type { AppendRequest, LogPlace, SyncRequest } from '../../runtime/backend/log-capability.ts';

export const never = (): AbortSignal => new AbortController().signal;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const hex = (sizeBytes: number): string => randomBytes(sizeBytes).toString('hex');
const MINUTE_MS = 60_000;

let serial = 0;
/** A prefix that no other test uses: every case has a registry of its own. */
export const freshPrefix = (): string => `t${process.pid}-${Date.now()}-${serial++}`;
export const keyIn = (prefix: string): string => `${prefix}:{${hex(8)}}`;

/** As a process makes them. */
export const spareInc = (mine = 0): number => Math.max(8e15 + 256 * Date.now(), mine + 1);

export const place = (prefix: string, inc = 0, head = 0): SyncRequest => ({
  prefix,
  inc,
  head,
  spareInc: spareInc(inc),
  recordId: hex(8),
});

export const append = (
  from: LogPlace,
  subject: string,
  over: Partial<AppendRequest> = {},
): AppendRequest => ({
  ...place(from.prefix, from.inc, from.head),
  subject,
  redone: false,
  registryMax: 100_000,
  ...over,
});

export const beginOf = (key: string, over: Partial<BeginRequest> = {}): BeginRequest => ({
  key,
  nonce: hex(8),
  leaseMs: 120_000,
  token: hex(16),
  lockMs: 3000,
  rejected: undefined,
  ...over,
});

export const fillOf = (key: string, lease: string, token: string, text = 'filled'): FillRequest => ({
  key,
  lease,
  value: bytes(text),
  ttlMs: MINUTE_MS,
  token,
  born: 0,
  ageMs: 1,
});
