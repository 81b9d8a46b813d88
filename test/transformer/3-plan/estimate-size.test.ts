import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { estimateSize, printSize } from '../../../transformer/3-plan/estimate-size.ts';
import { field, object, shapeArb, valueArb } from '../5-generate/shapes.ts';

const number: TypeShape = { kind: 'primitive', name: 'number' };
const text: TypeShape = { kind: 'primitive', name: 'string' };

describe('the size that a type says', () => {
  it('is that of its values where nothing is open', () => {
    const shape = object([field('a', number), field('at', { kind: 'date' })]);
    const inspected = inspectValue({ a: 1, at: new Date() });
    expect(inspected.ok && inspected.sizeBytes).toBe(estimateSize(shape).leastBytes);
    expect(printSize(estimateSize(shape))).toBe('104 bytes');
  });

  it('is the least where texts, lists or recursion are', () => {
    const shape = object([
      field('name', text),
      field('rows', { kind: 'array', element: number, readonly: false }),
    ]);
    expect(printSize(estimateSize(shape))).toBe('at least 96 bytes');
    expect(estimateSize({ kind: 'ref', id: 0 })).toEqual({ leastBytes: 0, isOpen: true });
  });

  it('is never more than what a value of the type holds', () => {
    const typed = shapeArb.chain((shape) => fc.record({ shape: fc.constant(shape), value: valueArb(shape) }));
    fc.assert(
      fc.property(typed, ({ shape, value }) => {
        const inspected = inspectValue(value);
        if (!inspected.ok) return;
        const { leastBytes, isOpen } = estimateSize(shape);
        expect(leastBytes).toBeLessThanOrEqual(inspected.sizeBytes);
        expect(isOpen || leastBytes === inspected.sizeBytes).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
