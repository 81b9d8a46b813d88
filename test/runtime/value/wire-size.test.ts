import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import { encodeAny } from '../../../runtime/value/tagged-wire.ts';
import { wireSizeBytes } from '../../../runtime/value/wire-size.ts';
import { storableArb } from '../../transformer/5-generate/shapes.ts';

it('the size told by the wire is not far from the size told by the value', () => {
  fc.assert(
    fc.property(storableArb, (value) => {
      const inspected = inspectValue(value);
      const sizeBytes = inspected.ok ? inspected.sizeBytes : NaN;
      const told = wireSizeBytes(encodeAny(value));
      // A list of empty lists is the worst case: its tags count as elements.
      expect(told).toBeGreaterThanOrEqual(sizeBytes / 3);
      expect(told).toBeLessThanOrEqual(400 + sizeBytes * 4);
    }),
  );
  expect(wireSizeBytes('x'.repeat(1000))).toBeGreaterThanOrEqual(2000);
  expect(wireSizeBytes(new Uint8Array(5000))).toBeGreaterThanOrEqual(5000);
  expect(wireSizeBytes(Array<number>(1000).fill(1))).toBeGreaterThanOrEqual(8000);
});
