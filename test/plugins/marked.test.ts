// The pattern that bundlers filter by says of every text what `mayContainMarker` says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MARKED } from '../../plugins/sources.ts';
import { mayContainMarker } from '../../transformer/1-scan/may-contain-marker.ts';

const PIECES = [
  '@cache',
  '@Cache',
  '@CACHE',
  'cached',
  'cachekit',
  'configure',
  '/** ',
  ' * ',
  'cache',
  '.production',
  ' ttl=5m',
  '\n',
  'a',
];

it('for texts made of what the two look for', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      expect(MARKED.test(text)).toBe(mayContainMarker(text));
    }),
    { numRuns: 2_000 },
  );
});

it('for the wrong marks of somebody new, which all have to be looked at', () => {
  const folder = join(import.meta.dirname, '../../fixtures/diagnostics/wrong-marks');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'read-file.ts');
  const passedOver = names.filter((name) => !MARKED.test(readFileSync(join(folder, name), 'utf8')));
  expect(passedOver).toEqual([]);
});
