// Visits every node of a shape with a path for people; the body of a recursive type is visited once.
import type { ShapePath, TypeShape } from './type-shape.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `.name`, or `["a-b"]` when the name is no identifier. */
export function propertyPath(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Direct children with the path segment that leads to each; union arms add nothing. */
export function childShapes(shape: TypeShape): readonly (readonly [segment: string, child: TypeShape])[] {
  switch (shape.kind) {
    case 'object':
      return shape.properties.map((property) => [propertyPath(property.name), property.shape] as const);
    case 'record':
      return [
        ...shape.properties.map((property) => [propertyPath(property.name), property.shape] as const),
        ['<value>', shape.value] as const,
      ];
    case 'array':
      return [['[]', shape.element]];
    case 'tuple':
      return shape.elements.map((element, index) => [element.rest ? '[]' : `[${index}]`, element.shape]);
    case 'map':
      return [
        ['<key>', shape.key],
        ['<value>', shape.value],
      ];
    case 'set':
      return [['<value>', shape.element]];
    case 'union':
      return shape.arms.map((arm) => ['', arm]);
    default:
      return [];
  }
}

/**
 * Calls `visit` for `shape` and everything below it, parents first. A `ref` node is visited at each place it stands
 * (it may carry a sensitivity); what it refers to only at the first one.
 */
export function walkShape(
  shape: TypeShape,
  refs: readonly TypeShape[],
  visit: (shape: TypeShape, path: ShapePath) => void,
): void {
  const seen = new Set<number>();
  const step = (node: TypeShape, path: ShapePath): void => {
    visit(node, path);
    if (node.kind === 'ref') {
      const body = refs[node.id];
      if (body === undefined || seen.has(node.id)) return;
      seen.add(node.id);
      step(body, path);
      return;
    }
    for (const [segment, child] of childShapes(node)) step(child, path + segment);
  };
  step(shape, '');
}
