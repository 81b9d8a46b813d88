// Shape → text that turns a value into its wire form: positions instead of names. Inverse: write-decode.ts.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { encodeLeaf, encodeLeaves, missingMarker } from './leaf-codec.ts';
import { quote, readOwn } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isLeaf, simplify, tupleLayout, withoutUndefined } from './simplify-shape.ts';
import { splitArms, writeArmChoice } from './union-arms.ts';
import { writeCoded } from './write-guard.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/** An expression for a value of exactly the type; `value` is a name or a cheap read. */
export function writeEncode(locals: Locals, shape: TypeShape, value: string): string {
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
      return encodeLeaf(top, value);
    case 'date':
      return `k.date(${value})`;
    case 'bytes':
      return `k.bytes(${value})`;
    case 'text':
      return `k.text(${value}, ${quote(top.type)})`;
    case 'any':
      return `k.any(${value})`;
    case 'unsupported':
      return 'k.fail()';
    case 'union':
      if (top.arms.every(isLeaf)) return encodeLeaves(locals, top.arms, value);
      break;
    default:
  }
  return `${locals.name('e', top, () => `(v) => ${encodeBody(locals, top)}`)}(${value})`;
}

function encodeBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object':
      return `[${byName(shape.properties)
        .map((property) => encodeProperty(locals, property))
        .join(', ')}]`;
    case 'record':
      return encodeRecord(locals, shape);
    case 'array':
      return `{ const r = []; ${pushEach(locals, shape.element, '0', 'v.length')} return r; }`;
    case 'tuple':
      return encodeTuple(locals, shape);
    case 'map':
      return `{ const r = []; for (const [x, y] of v) r.push(${writeEncode(locals, shape.key, 'x')}, ${writeEncode(locals, shape.value, 'y')}); return r; }`;
    case 'set':
      return `{ const r = []; for (const x of v) r.push(${writeEncode(locals, shape.element, 'x')}); return r; }`;
    case 'class':
      return `{ const x = ${writeCoded(locals, shape)}.encode(v); return ${writeEncode(locals, shape.wire, 'x')}; }`;
    case 'union':
      return encodeUnion(locals, shape);
    default:
      return 'k.fail()';
  }
}

function encodeProperty(locals: Locals, property: Kind<'object'>['properties'][number]): string {
  const read = readOwn('v', property.name, 'H');
  if (!property.optional) return writeEncode(locals, property.shape, read);
  const shape = withoutUndefined(locals.refs, property.shape);
  const missing = missingMarker(shape) ?? '0';
  return `${read} === void 0 ? (H(v, ${quote(property.name)}) ? [] : ${missing}) : ${encodePresent(locals, shape, read)}`;
}

/** A defined value in an optional place. */
function encodePresent(locals: Locals, shape: TypeShape, value: string): string {
  const wire = writeEncode(locals, shape, value);
  return missingMarker(shape) === undefined ? `[${wire}]` : wire;
}

/** An optional place that is there. */
function encodeOptional(locals: Locals, declared: TypeShape, value: string): string {
  const shape = withoutUndefined(locals.refs, declared);
  return `${value} === void 0 ? [] : ${encodePresent(locals, shape, value)}`;
}

function pushEach(locals: Locals, element: TypeShape, from: string, to: string): string {
  return `for (let i = ${from}; i < ${to}; i++) { const x = v[i]; r.push(${writeEncode(locals, element, 'x')}); }`;
}

function encodeRecord(locals: Locals, shape: Kind<'record'>): string {
  const cases = shape.properties.map((property) => {
    const wire = property.optional
      ? encodeOptional(locals, property.shape, 'x')
      : writeEncode(locals, property.shape, 'x');
    return `case ${quote(property.name)}: r.push(${wire}); break; `;
  });
  return `{ const r = []; for (const p of E.keys(v)) { const x = v[p]; r.push(k.str(p)); switch (p) { ${cases.join('')}default: r.push(${writeEncode(locals, shape.value, 'x')}); } } return r; }`;
}

function encodeTuple(locals: Locals, shape: Kind<'tuple'>): string {
  const { lead, rest, trail } = tupleLayout(shape);
  const end = trail.length === 0 ? 'n' : `n - ${trail.length}`;
  const parts = lead.map((element, index) => {
    const place = `v[${index}]`;
    return element.optional
      ? `if (${index} < ${end}) r.push(${encodeOptional(locals, element.shape, place)});`
      : `r.push(${writeEncode(locals, element.shape, place)});`;
  });
  if (rest !== undefined) parts.push(pushEach(locals, rest, String(lead.length), end));
  trail.forEach((element, index) => {
    parts.push(`r.push(${writeEncode(locals, element, `v[${end} + ${index}]`)});`);
  });
  return `{ const r = [], n = v.length; ${parts.join(' ')} return r; }`;
}

/** Primitives are themselves; an object is `[arm, wire]`. No primitive is an array of two. */
function encodeUnion(locals: Locals, shape: Kind<'union'>): string {
  const { leaves, others } = splitArms(shape);
  const choice = writeArmChoice(
    locals,
    others,
    'v',
    (arm, index) => `[${index}, ${writeEncode(locals, arm, 'v')}]`,
  );
  if (leaves.length === 0) return choice;
  return `typeof v !== "object" || v === null ? ${encodeLeaves(locals, leaves, 'v')} : ${choice}`;
}
