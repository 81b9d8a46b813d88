// Generates code that makes a deep copy of a value, and decides whether the types prove that no copy is needed.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { member, quote } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isObjects, isPrimitive, mapKinds, simplify, tupleLayout } from './simplify-shape.ts';
import { onlyObject, splitArms, writeArmChoice } from './union-arms.ts';
import { writeCoded } from './write-guard.ts';
import { writeMade } from './write-made.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/**
 * An expression for a copy of a value known to be exactly of the type. Primitives are their own copy.
 * @param value a name or an expression that is cheap to repeat.
 */
export function writeCopy(locals: Locals, shape: TypeShape, value: string): string {
  const top = simplify(locals.refs, shape);
  if (isPrimitive(locals.refs, top)) return value;
  switch (top.kind) {
    case 'date':
      return `new D(${value}.getTime())`;
    case 'bytes':
      return `k.copyBytes(${value})`;
    case 'text':
      return `k.copyText(${value}, ${quote(top.type)})`;
    case 'any':
      return `k.copyAny(${value})`;
    case 'array':
      if (isPrimitive(locals.refs, top.element)) return `${value}.slice()`;
      if (isObjects(locals.refs, top)) return `k.copyEach(${value}, ${nameOfCopy(locals, top.element)})`;
      break;
    case 'map':
      if (mapKinds(locals.refs, top) !== undefined) return `k.copyMap(${value})`;
      break;
    case 'tuple':
      if (top.elements.every(({ shape: inner }) => isPrimitive(locals.refs, inner)))
        return `${value}.slice()`;
      break;
    case 'union': {
      const only = onlyObject(top);
      if (only !== undefined) return `${value} && ${writeCopy(locals, only.object, value)}`;
      break;
    }
    case 'unsupported':
      return value;
    default:
  }
  return `${nameOfCopy(locals, top)}(${value})`;
}

/** Name of the local function that copies values of the shape. */
function nameOfCopy(locals: Locals, shape: TypeShape): string {
  const top = simplify(locals.refs, shape);
  return locals.name('c', top, () => `(v) => ${writeCopyBody(locals, top)}`);
}

function writeCopyBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object':
      return copyObject(locals, shape);
    case 'record':
      return copyRecord(locals, shape);
    case 'array':
      return `{ const r = v.slice(); for (let i = 0; i < r.length; i++) r[i] = ${writeCopy(locals, shape.element, 'r[i]')}; return r; }`;
    case 'tuple':
      return copyTuple(locals, shape);
    case 'map':
      return `{ const r = new M(); for (const [x, y] of v) r.set(${writeCopy(locals, shape.key, 'x')}, ${writeCopy(locals, shape.value, 'y')}); return r; }`;
    case 'set':
      return `{ const r = new S(); for (const x of v) r.add(${writeCopy(locals, shape.element, 'x')}); return r; }`;
    case 'class': {
      const coded = writeCoded(locals, shape);
      return `{ const x = ${coded}.encode(v); return ${coded}.decode(${writeCopy(locals, shape.wire, 'x')}); }`;
    }
    case 'union':
      return `typeof v !== "object" || v === null ? v : ${writeArmChoice(locals, splitArms(shape).others, 'v', (arm) => writeCopy(locals, arm, 'v'))}`;
    default:
      return 'v';
  }
}

/**
 * Without optional properties, a new object of copied values. Else a spread, which keeps missing and undefined apart.
 */
function copyObject(locals: Locals, shape: Kind<'object'>): string {
  if (!shape.properties.some((property) => property.optional)) {
    const values = byName(shape.properties).map(({ name, shape: inner }) =>
      writeCopy(locals, inner, `v${member(name)}`),
    );
    const made = writeMade(locals, shape.properties, values);
    return made.startsWith('{') ? `(${made})` : made;
  }
  const deep = shape.properties.filter((property) => !isPrimitive(locals.refs, property.shape));
  if (deep.length === 0) return '({ ...v })';
  const fields = deep.map(({ name, optional, shape: inner }) => {
    const field = `r${member(name)}`;
    const copy = `${field} = ${writeCopy(locals, inner, field)};`;
    // `H` (hasOwn), because a missing `toString` would read as the inherited one.
    return optional ? `if (H(r, ${quote(name)}) && ${field} !== void 0) ${copy}` : copy;
  });
  return `{ const r = { ...v }; ${fields.join(' ')} return r; }`;
}

function copyRecord(locals: Locals, shape: Kind<'record'>): string {
  const deep = shape.properties.filter((property) => !isPrimitive(locals.refs, property.shape));
  if (deep.length === 0 && isPrimitive(locals.refs, shape.value)) return '({ ...v })';
  const cases = shape.properties.map(
    ({ name, shape: inner }) =>
      `case ${quote(name)}: if (r[p] !== void 0) r[p] = ${writeCopy(locals, inner, 'r[p]')}; break; `,
  );
  return `{ const r = { ...v }; for (const p of E.keys(r)) switch (p) { ${cases.join('')}default: r[p] = ${writeCopy(locals, shape.value, 'r[p]')}; } return r; }`;
}

function copyTuple(locals: Locals, shape: Kind<'tuple'>): string {
  const { lead, rest, trail } = tupleLayout(shape);
  const end = trail.length === 0 ? 'r.length' : `r.length - ${trail.length}`;
  const parts: string[] = [];
  lead.forEach((element, index) => {
    if (isPrimitive(locals.refs, element.shape)) return;
    const copy = `r[${index}] = ${writeCopy(locals, element.shape, `r[${index}]`)};`;
    parts.push(element.optional ? `if (${index} < ${end} && r[${index}] !== void 0) ${copy}` : copy);
  });
  if (rest !== undefined && !isPrimitive(locals.refs, rest)) {
    parts.push(`for (let i = ${lead.length}; i < ${end}; i++) r[i] = ${writeCopy(locals, rest, 'r[i]')};`);
  }
  trail.forEach((element, index) => {
    const place = `r[${end} + ${index}]`;
    if (!isPrimitive(locals.refs, element)) parts.push(`${place} = ${writeCopy(locals, element, place)};`);
  });
  return `{ const r = v.slice(); ${parts.join(' ')} return r; }`;
}

/**
 * True when everything in the type is readonly. Date, Map, Set, bytes, URL, RegExp and classes have methods that change
 * them; Temporal types have none.
 */
export function isImmutable(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const seen = new Set<number>();
  const visit = (inner: TypeShape): boolean => {
    switch (inner.kind) {
      case 'primitive':
      case 'literal':
        return true;
      case 'text':
        return inner.type.startsWith('Temporal.');
      case 'ref': {
        // A recursive type is immutable if everything else in it is.
        if (seen.has(inner.id)) return true;
        seen.add(inner.id);
        const target = refs[inner.id];
        return target !== undefined && visit(target);
      }
      case 'union':
        return inner.arms.every(visit);
      case 'array':
        return inner.readonly && visit(inner.element);
      case 'tuple':
        return inner.readonly && inner.elements.every((element) => visit(element.shape));
      case 'object':
        return inner.properties.every((property) => property.readonly && visit(property.shape));
      case 'record':
        return (
          inner.readonly &&
          visit(inner.value) &&
          inner.properties.every((property) => property.readonly && visit(property.shape))
        );
      default:
        return false;
    }
  };
  return visit(shape);
}
