import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentsOf } from '../../../../transformer/host/plans/components.ts';

const COUNT = 8;
const nodes = Array.from({ length: COUNT }, (_, i) => i);
const node = fc.nat({ max: COUNT - 1 });

describe('components of a graph', () => {
  it('hold what leads to each other, after all that they lead to', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 20 }), (edges) => {
        const targets = (from: number) => edges.filter(([start]) => start === from).map(([, end]) => end);
        const components = componentsOf(nodes, targets);
        expect(components.flat().toSorted((a, b) => a - b)).toEqual(nodes);
        const at = (one: number) => components.findIndex((component) => component.includes(one));
        for (const one of nodes)
          for (const other of reached(one, targets)) {
            expect(at(other)).toBeLessThanOrEqual(at(one));
            expect(at(other) === at(one)).toBe(one === other || reached(other, targets).has(one));
          }
      }),
    );
  });

  it('are found in a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => i);
    expect(componentsOf(chain, (one) => (one + 1 < chain.length ? [one + 1] : []))).toHaveLength(20_000);
  });
});

function reached(start: number, targets: (from: number) => readonly number[]): ReadonlySet<number> {
  const found = new Set(targets(start));
  for (const one of found) for (const next of targets(one)) found.add(next);
  return found;
}
