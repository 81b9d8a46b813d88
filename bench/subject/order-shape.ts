// The shape that the compiler reads from the type `Order`.
import type { PropertyShape, TypeShape } from '../../transformer/2-shape/type-shape.ts';

const primitive = (name: 'number' | 'string' | 'boolean'): TypeShape => ({ kind: 'primitive', name });
const array = (element: TypeShape): TypeShape => ({ kind: 'array', element, readonly: false });
const object = (fields: Readonly<Record<string, TypeShape>>): TypeShape => ({
  kind: 'object',
  properties: Object.entries(fields).map(([name, shape]): PropertyShape => ({
    name,
    shape,
    optional: false,
    readonly: false,
  })),
});

const item = object({
  sku: primitive('string'),
  qty: primitive('number'),
  price: primitive('number'),
  tags: array(primitive('string')),
});

export const orderShape: TypeShape = object({
  id: primitive('number'),
  name: primitive('string'),
  email: primitive('string'),
  active: primitive('boolean'),
  score: primitive('number'),
  items: array(item),
});
