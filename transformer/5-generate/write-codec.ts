// Generates the encoder: code that writes the parts of a value to `w`, by position instead of name. Inverse:
// write-decode.ts.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { encodeLeaf, encodeLeaves, missingMarker, writeMissing } from './leaf-codec.ts';
import { quote, readOwn } from './literal.ts';
import type { Locals } from './locals.ts';
import {
  byName,
  isLeaf,
  isObjects,
  isStrings,
  mapKinds,
  simplify,
  tupleLayout,
  withoutUndefined,
} from './simplify-shape.ts';
import { onlyObject, splitArms, writeArmChoice, type OnlyObject } from './union-arms.ts';
import { writeCoded } from './write-guard.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/**
 * An expression that writes a value known to be exactly of the type.
 * @param value a name or an expression that is cheap to repeat.
 */
export function writeEncode(locals: Locals, shape: TypeShape, value: string): string {
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
      return encodeLeaf(top, value);
    case 'date':
      return `w.num(${value}.getTime())`;
    case 'bytes':
      return `w.bytes(k.bytes(${value}))`;
    case 'text':
      return `w.str(k.text(${value}, ${quote(top.type)}))`;
    case 'any':
      return `w.wire(k.any(${value}))`;
    case 'unsupported':
      return 'k.fail()';
    case 'array':
      if (isStrings(locals.refs, top)) return `k.strings(w, ${value})`;
      if (isObjects(locals.refs, top)) return `k.each(w, ${value}, ${nameOfEncoder(locals, top.element)})`;
      break;
    case 'map': {
      const kinds = mapKinds(locals.refs, top);
      if (kinds !== undefined) return `k.map(${['w', value, ...kinds.map(quote)].join(', ')})`;
      break;
    }
    case 'union': {
      if (top.arms.every(isLeaf)) return encodeLeaves(top.arms, value);
      const only = onlyObject(top);
      if (only !== undefined) return encodeOnly(locals, only, value);
      break;
    }
    default:
  }
  return `${nameOfEncoder(locals, top)}(w, ${value})`;
}

/** Name of the local function that writes values of the shape. */
function nameOfEncoder(locals: Locals, shape: TypeShape): string {
  const top = simplify(locals.refs, shape);
  return locals.name('e', top, () => `(w, v) => ${encodeBody(locals, top)}`);
}

function encodeBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object': {
      const places = byName(shape.properties).map((property) => encodeProperty(locals, property));
      return `(${[`w.list(${places.length})`, ...places, 'w.end()'].join(', ')})`;
    }
    case 'record':
      return encodeRecord(locals, shape);
    case 'array':
      return `{ const n = v.length; w.list(n); ${writeEach(locals, shape.element, '0', 'n')} w.end(); }`;
    case 'tuple':
      return encodeTuple(locals, shape);
    case 'map': {
      const entry = `${writeEncode(locals, shape.key, 'x')}; ${writeEncode(locals, shape.value, 'y')};`;
      return counted('v.size', 2, `for (const [x, y] of v) { n--; ${entry} }`);
    }
    case 'set':
      return counted('v.size', 1, `for (const x of v) { n--; ${writeEncode(locals, shape.element, 'x')}; }`);
    case 'class':
      return `{ const x = ${writeCoded(locals, shape)}.encode(v); ${writeEncode(locals, shape.wire, 'x')}; }`;
    case 'union':
      return encodeUnion(locals, shape);
    default:
      return 'k.fail()';
  }
}

/**
 * Code of the user may run inside the loop and change the collection. A wrong count then fails, and nothing is stored.
 */
function counted(size: string, parts: number, loop: string): string {
  return `{ let n = ${size}; w.list(${parts === 1 ? 'n' : `${parts} * n`}); ${loop} if (n !== 0) k.fail(); w.end(); }`;
}

function encodeProperty(locals: Locals, property: Kind<'object'>['properties'][number]): string {
  const read = readOwn('v', property.name, 'H');
  if (!property.optional) return writeEncode(locals, property.shape, read);
  const shape = withoutUndefined(locals.refs, property.shape);
  const missing = writeMissing(missingMarker(shape) ?? 'zero');
  return `${read} === void 0 ? H(v, ${quote(property.name)}) ? w.undef() : ${missing} : ${encodePresent(locals, shape, read)}`;
}

/** Writes a defined value of an optional property. */
function encodePresent(locals: Locals, shape: TypeShape, value: string): string {
  const wire = writeEncode(locals, shape, value);
  return missingMarker(shape) === undefined ? `(w.list(1), ${wire}, w.end())` : wire;
}

/** Writes an optional element or property that is present but may be undefined. */
function encodeOptional(locals: Locals, declared: TypeShape, value: string): string {
  const shape = withoutUndefined(locals.refs, declared);
  return `${value} === void 0 ? w.undef() : ${encodePresent(locals, shape, value)}`;
}

function writeEach(locals: Locals, element: TypeShape, from: string, to: string): string {
  const loop = `for (let i = ${from}; i < ${to}; i++)`;
  const text = writeEncode(locals, element, 'v[i]');
  const isReadOnce = text.split('v[i]').length === 2;
  return isReadOnce
    ? `${loop} ${text};`
    : `${loop} { const x = v[i]; ${writeEncode(locals, element, 'x')}; }`;
}

function encodeRecord(locals: Locals, shape: Kind<'record'>): string {
  const cases = shape.properties.map((property) => {
    const wire = property.optional
      ? encodeOptional(locals, property.shape, 'x')
      : writeEncode(locals, property.shape, 'x');
    return `case ${quote(property.name)}: ${wire}; break; `;
  });
  return `{ const q = E.keys(v); w.list(2 * q.length); for (const p of q) { const x = v[p]; w.str(p); switch (p) { ${cases.join('')}default: ${writeEncode(locals, shape.value, 'x')}; } } w.end(); }`;
}

function encodeTuple(locals: Locals, shape: Kind<'tuple'>): string {
  const { lead, rest, trail } = tupleLayout(shape);
  const end = trail.length === 0 ? 'n' : `n - ${trail.length}`;
  const parts = lead.map((element, index) => {
    const place = `v[${index}]`;
    return element.optional
      ? `if (${index} < ${end}) ${encodeOptional(locals, element.shape, place)};`
      : `${writeEncode(locals, element.shape, place)};`;
  });
  if (rest !== undefined) parts.push(writeEach(locals, rest, String(lead.length), end));
  trail.forEach((element, index) => {
    parts.push(`${writeEncode(locals, element, `v[${end} + ${index}]`)};`);
  });
  return `{ const n = v.length; w.list(n); ${parts.join(' ')} w.end(); }`;
}

/** Like `encodeUnion`, but inline. */
function encodeOnly(locals: Locals, { object, empty }: OnlyObject, value: string): string {
  const leaves = empty.map((name) =>
    name === 'null' ? `${value} === null ? w.nil() : ` : `${value} === void 0 ? w.undef() : `,
  );
  return `${leaves.join('')}(k.into(w), ${writeEncode(locals, object, value)}, w.end())`;
}

/** A primitive is written as itself, an object as `[arm, value]`. No primitive has an array of two as its wire form. */
function encodeUnion(locals: Locals, shape: Kind<'union'>): string {
  const { leaves, others } = splitArms(shape);
  const choice = writeArmChoice(
    locals,
    others,
    'v',
    (arm, index) => `(w.list(2), w.num(${index}), ${writeEncode(locals, arm, 'v')}, w.end())`,
  );
  if (leaves.length === 0) return choice;
  return `typeof v !== "object" || v === null ? ${encodeLeaves(leaves, 'v')} : ${choice}`;
}
