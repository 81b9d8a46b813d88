// Generates code that makes an object from its values. The values are in wire order; the object must list its
// properties in declaration order.
import type { PropertyShape } from '../2-shape/type-shape.ts';
import { member, propertyName } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isByName } from './simplify-shape.ts';

/**
 * An object literal if both orders are the same, else a call of a local, which all types with the same property names
 * share.
 * @param values expressions in wire order, whose value is `N` for a missing optional property.
 */
export function writeMade(
  locals: Locals,
  properties: readonly PropertyShape[],
  values: readonly string[],
): string {
  if (isByName(properties) && !properties.some(({ optional }) => optional)) {
    return literal(properties.map(({ name }, index) => `${propertyName(name)}: ${values[index]}`));
  }
  const about = properties.map(({ name, optional }) => [name, optional]);
  return `${locals.name('m', about, () => writeMaker(properties))}(${values.join(', ')})`;
}

function writeMaker(properties: readonly PropertyShape[]): string {
  const places = byName(properties);
  const fields: string[] = [];
  const later: string[] = [];
  for (const property of properties) {
    const { name, optional } = property;
    const value = `p${places.indexOf(property)}`;
    // Properties after an optional one are added after it, to keep the order.
    if (!optional && later.length === 0) fields.push(`${propertyName(name)}: ${value}`);
    else later.push(`${optional ? `if (${value} !== N) ` : ''}r${member(name)} = ${value};`);
  }
  const body =
    later.length === 0
      ? `(${literal(fields)})`
      : `{ const r = ${literal(fields)}; ${later.join(' ')} return r; }`;
  return `(${places.map((_, index) => `p${index}`).join(', ')}) => ${body}`;
}

function literal(fields: readonly string[]): string {
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
