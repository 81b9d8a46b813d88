// Renumbers the recursive types of a signature by first appearance, so that ids depend on the finished shapes alone and
// not on the order in which the type checker listed union arms.
import type { ParamShape, PropertyShape, SignatureShape, TypeShape } from './type-shape.ts';

/** The same signature with renumbered refs; refs that nothing points to are dropped. */
export function renumberRefs(signature: SignatureShape): SignatureShape {
  if (signature.refs.length === 0) return signature;
  const numbers = new Map<number, number>();
  const refs: TypeShape[] = [];
  const move = (shape: TypeShape): TypeShape => {
    if (shape.kind !== 'ref') return mapChildren(shape, move);
    const known = numbers.get(shape.id);
    if (known !== undefined) return { ...shape, id: known };
    const id = numbers.size;
    numbers.set(shape.id, id);
    const body = signature.refs[shape.id];
    if (body !== undefined) refs[id] = move(body);
    return { ...shape, id };
  };
  const param = (of: ParamShape): ParamShape => ({ ...of, shape: move(of.shape) });
  return {
    ...signature,
    bound: signature.bound.map(param),
    captures: signature.captures.map(param),
    ...(signature.thisFields !== undefined && { thisFields: signature.thisFields.map(param) }),
    ...(signature.self?.ok === true && { self: { ok: true, shape: move(signature.self.shape) } }),
    ...(signature.keyResult !== undefined && {
      keyResult: { ...signature.keyResult, shape: move(signature.keyResult.shape) },
    }),
    result: move(signature.result),
    refs,
  };
}

function mapChildren(shape: TypeShape, map: (child: TypeShape) => TypeShape): TypeShape {
  const properties = (list: readonly PropertyShape[]): readonly PropertyShape[] =>
    list.map((property) => ({ ...property, shape: map(property.shape) }));
  switch (shape.kind) {
    case 'object':
      return { ...shape, properties: properties(shape.properties) };
    case 'record':
      return { ...shape, properties: properties(shape.properties), value: map(shape.value) };
    case 'array':
    case 'set':
      return { ...shape, element: map(shape.element) };
    case 'map':
      return { ...shape, key: map(shape.key), value: map(shape.value) };
    case 'tuple':
      return {
        ...shape,
        elements: shape.elements.map((element) => ({ ...element, shape: map(element.shape) })),
      };
    case 'class':
      return { ...shape, wire: map(shape.wire) };
    case 'union':
      return { ...shape, arms: shape.arms.map(map) };
    default:
      return shape;
  }
}
