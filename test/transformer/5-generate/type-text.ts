// A shape as TypeScript that somebody could have written.
import type { PropertyShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';

/** Declarations of `Ref0`, `Ref1`, …: types that contain themselves. */
export function declareRefs(refs: readonly TypeShape[]): string {
  return refs.map((shape, id) => `export type Ref${id} = ${typeText(shape)};`).join('\n');
}

export function typeText(shape: TypeShape): string {
  switch (shape.kind) {
    case 'primitive':
      return shape.name;
    case 'literal':
      return typeof shape.value === 'object' ? `${shape.value.bigint}n` : JSON.stringify(shape.value);
    case 'object':
      return `{ ${shape.properties.map(propertyText).join('; ')} }`;
    case 'record':
      return `{ ${[...shape.properties.map(propertyText), `[key: string]: ${typeText(shape.value)}`].join('; ')} }`;
    case 'array':
      return `${shape.readonly ? 'readonly ' : ''}(${typeText(shape.element)})[]`;
    case 'tuple': {
      const elements = shape.elements.map(({ shape: inner, optional, rest }) =>
        rest ? `...(${typeText(inner)})[]` : `(${typeText(inner)})${optional ? '?' : ''}`,
      );
      return `${shape.readonly ? 'readonly ' : ''}[${elements.join(', ')}]`;
    }
    case 'map':
      return `Map<${typeText(shape.key)}, ${typeText(shape.value)}>`;
    case 'set':
      return `Set<${typeText(shape.element)}>`;
    case 'date':
      return 'Date';
    case 'bytes':
    case 'text':
      return shape.type;
    case 'union':
      return shape.arms.map((arm) => `(${typeText(arm)})`).join(' | ');
    case 'ref':
      return `Ref${shape.id}`;
    case 'any':
      return 'unknown';
    default:
      throw new Error(`no text for ${shape.kind}`);
  }
}

function propertyText({ name, optional, readonly, shape }: PropertyShape): string {
  return `${readonly ? 'readonly ' : ''}${JSON.stringify(name)}${optional ? '?' : ''}: ${typeText(shape)}`;
}
