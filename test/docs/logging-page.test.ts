// docs/guide/logging.md names every field that a line can have, and every message, and no others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CacheEvents, InternalEvents } from '../../runtime/observe/events.ts';
import { LINE_RULES } from '../../runtime/observe/logger-lines.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/guide/logging.md'), 'utf8');
const section = (heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

type Events = CacheEvents & InternalEvents;
const site = { site: 'a#f', namespace: 'n', correlationId: 'r-1' };
const call = { ...site, tier: 'backend', reason: 'absent', durationMs: 1, serializer: 'std' } as const;
const backend = { backend: 'memory', operation: 'get', durationMs: 1, bytes: 1 } as const;

/** Events with every field that they can have; one for each message. */
const EVENTS: { readonly [C in keyof typeof LINE_RULES]: readonly Events[C][] } = {
  'cachekit:left-memory': (['hit', 'stale', 'miss', 'bypass'] as const).map((status) => ({
    ...call,
    status,
  })),
  'cachekit:run': [true, false].map((ok) => ({ ...site, cause: 'miss', ok, durationMs: 1 })),
  'cachekit:backend': (['ok', 'timeout'] as const).map((outcome) => ({ ...backend, outcome })),
  'cachekit:discard': [{ ...site, reason: 'tamper' }],
  'cachekit:invalidate': [true, false].map((complete) => ({ scope: 'tag', origin: 'local', complete })),
  'cachekit:state': [
    { subject: 'backend', backend: 'memory', state: 'down' },
    { subject: 'breaker', backend: 'memory', state: 'reads-open' },
    { subject: 'bus', backend: 'memory', state: 'down' },
    { subject: 'store', backend: 'embedded', state: 'quarantined' },
  ],
  'cachekit:audit': [{ ...site, action: 'reject', keyId: '0123456789abcdef' }],
  'cachekit:notice': [{ code: 'CACHEKIT_X', message: 'the text of a notice' }],
};

function linesOf<C extends keyof typeof LINE_RULES>(channel: C) {
  const { fields, level, message } = LINE_RULES[channel];
  return EVENTS[channel].map((event) => ({
    level: level(event),
    message: message(event),
    fields: Object.keys(fields(event)),
  }));
}

const lines = (Object.keys(LINE_RULES) as (keyof typeof LINE_RULES)[]).flatMap((channel) => linesOf(channel)); // the table's own keys

it('names every field', () => {
  // These are added to every line, or to those of `CACHEKIT_LOG_LEVEL`.
  const added = 'trace_id suppressed timestamp level message logger hostname pid thread_id'.split(' ');
  const [own = ''] = section('Fields').split('There is no');
  const named = [...own.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');
  expect(named.toSorted()).toEqual(
    [...new Set([...added, ...lines.flatMap(({ fields }) => fields)])].toSorted(),
  );
});

it('names every message, in a row with its level', () => {
  const rows = section('Lines')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const missing = lines.filter(
    ({ level, message }) => !rows.some((row) => row.includes(message) && row.includes(level)),
  );
  expect(missing).toEqual([]);
});
