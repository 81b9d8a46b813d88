// Text that puts an object together from its values: these come in the order of the wire, its properties stand in the order of
// the declaration.
import type { PropertyShape } from '../2-shape/type-shape.ts';
import { member, propertyName } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isByName } from './simplify-shape.ts';

/**
 * A literal where the two orders are one, else a call of a local, which all types of such properties share.
 * @param values expressions in the order of the wire; `N` where an optional property is not there.
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
    // What follows an optional property has to be added after it: the order is part of the value.
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
