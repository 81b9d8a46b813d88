// What `explain` and `ls --json` say about the options of a function.
import { expect, it } from 'vitest';
import { saidSettings } from '../../../transformer/cli/said-settings.ts';
import { marker, number, option, planned, signature, string, target } from '../3-plan/ir.ts';

const profiles = {
  reports: { base: 'production', settings: { ttlMs: 86_400_000, backend: 'slow' } },
} as const;
const options = { namespace: 'shop', sensitiveNames: [], sensitiveFields: [], hotNames: [], profiles };

it('names each setting with its value and the place it comes from', () => {
  const of = marker(target('load'), 'reports', [
    option('cache-null', '30s'),
    option('max-size', '2mb'),
    option('compress', { kind: 'flag', on: false }),
    option('jitter', '0.2'),
    option('tags', { kind: 'list', items: ['report:$id', 'all'] }),
    option('unless', 'result == 0'),
  ]);
  const plan = planned(of, signature({ id: string }, number), { options });
  expect(saidSettings(plan).map(({ name, value, reason }) => `${name} ${value}: ${reason}`)).toEqual([
    'namespace shop: tsconfig',
    'ttl 1d: profile reports',
    'backend slow: profile reports',
    'cache-null 30s: marker',
    'max-size 2mb: marker',
    'compress off: marker',
    'jitter 0.2: marker',
    'tags report:$id,all: marker',
    'unless result == 0: marker',
  ]);
});

it('says nothing of what nobody wrote', () => {
  expect(saidSettings(planned(marker(target('load')), signature({})))).toEqual([]);
});

it('shows functions of code', () => {
  const when = option('when', { kind: 'code', text: '(id) => id > 1', range: { start: 0, end: 9 } });
  const plan = planned(marker(target('load'), undefined, [when], 'call'), signature({}));
  expect(saidSettings(plan)).toEqual([{ name: 'when', value: '(id) => id > 1', reason: 'marker' }]);
});
