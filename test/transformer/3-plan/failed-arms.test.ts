import { describe, expect, it } from 'vitest';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { discriminantOf } from '../../../transformer/3-plan/failed-arms.ts';
import { field, object } from '../5-generate/shapes.ts';

const literal = (value: boolean): TypeShape => ({ kind: 'literal', value });
const text: TypeShape = { kind: 'primitive', name: 'string' };
const none: TypeShape = { kind: 'primitive', name: 'null' };
const arm = (name: string, value: TypeShape): TypeShape => object([field(name, value), field('text', text)]);
const union = (...arms: TypeShape[]): TypeShape => ({ kind: 'union', arms });

describe('a result that says whether it failed', () => {
  it('has ok or success, true in some arms and false in the others', () => {
    expect(discriminantOf(union(arm('ok', literal(true)), arm('ok', literal(false))), [])).toBe('ok');
    expect(
      discriminantOf(union(arm('success', literal(true)), arm('success', literal(false)), none), []),
    ).toBe('success');
  });

  it('is no object with a boolean, no union of successes, none of other names, none with an arm that does not say', () => {
    const boolean: TypeShape = { kind: 'primitive', name: 'boolean' };
    for (const result of [
      arm('ok', boolean),
      union(arm('ok', boolean), arm('ok', literal(false))),
      union(arm('ok', literal(true)), arm('ok', literal(true))),
      union(arm('found', literal(true)), arm('found', literal(false))),
      union(arm('ok', literal(true)), arm('ok', literal(false)), object([field('text', text)])),
      text,
    ])
      expect(discriminantOf(result, [])).toBeUndefined();
  });
});
