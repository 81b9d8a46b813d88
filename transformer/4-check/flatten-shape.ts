// Flattens a signature into places and types, such as `.tags[]` → `string`, so that two signatures can be compared by
// line.
import { propertyPath } from '../2-shape/places-of.ts';
import { printShape } from '../2-shape/print-shape.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';

/** Paths of parameters begin with their name, those of the result with a dot or a bracket; '' is the result itself. */
export function flattenSignature({ bound, result, refs }: SignatureShape): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const { name, shape, optional } of bound) flatten(shape, name, optional, refs, [], found);
  flatten(result, '', false, refs, [], found);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function flatten(
  shape: TypeShape,
  path: string,
  isOptional: boolean,
  refs: readonly TypeShape[],
  inside: readonly number[],
  found: Map<string, string>,
): void {
  const enter = (child: TypeShape, at: string, optional = false) =>
    flatten(child, at, optional, refs, inside, found);
  const leaf = (text = printShape(shape, refs)) => found.set(path, isOptional ? `${text}?` : text);
  switch (shape.kind) {
    case 'ref': {
      const target = refs[shape.id];
      if (target === undefined || inside.includes(shape.id)) leaf();
      else flatten(target, path, isOptional, refs, [...inside, shape.id], found);
      return;
    }
    case 'object':
    case 'record':
      if (isOptional || (shape.kind === 'object' && shape.properties.length === 0)) leaf('object');
      for (const property of shape.properties)
        enter(property.shape, path + propertyPath(property.name), property.optional);
      if (shape.kind === 'record') enter(shape.value, `${path}[string]`);
      return;
    case 'array':
      if (isOptional) leaf('array');
      return enter(shape.element, `${path}[]`);
    case 'tuple':
      leaf('tuple');
      shape.elements.forEach((element, index) =>
        enter(element.shape, `${path}[${element.rest ? '' : index}]`, element.optional),
      );
      return;
    default:
      leaf();
  }
}
