// Shape → text that turns a wire form into a value. The wire is hostile: what the encoder does not write throws
// WireError, and what comes out is exactly of the type.
import type { PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { decodeLeaf, decodeLeaves, missingMarker } from './leaf-codec.ts';
import { member, propertyName, quote } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isLeaf, simplify, tupleLayout, withoutUndefined } from './simplify-shape.ts';
import { splitArms } from './union-arms.ts';
import { writeCoded } from './write-guard.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/** Local calls inside each other. Values nest 128 deep, each level takes at most two; the stack takes many more. */
const MAX_CALLS = 512;

/** `deep`: the type contains itself, so the nesting needs a bound. */
export interface Decoding {
  readonly locals: Locals;
  readonly deep: boolean;
}

/** An expression; `wire` is a name or a cheap read. `depth`: text of the depth to hand on. */
export function writeDecode(decoding: Decoding, shape: TypeShape, wire: string, depth = 'd + 1'): string {
  const { locals, deep } = decoding;
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
      return decodeLeaf(locals, top, wire);
    case 'date':
      return `k.toDate(${wire})`;
    case 'bytes':
      return `k.toBytes(${wire}, ${quote(top.type)})`;
    case 'text':
      return `k.toText(${wire}, ${quote(top.type)})`;
    case 'any':
      return `k.toAny(${wire})`;
    case 'unsupported':
      return 'k.fail()';
    case 'union':
      if (top.arms.every(isLeaf)) return decodeLeaves(locals, top.arms, wire);
      break;
    default:
  }
  const head = deep ? `(w, d) => { if (d > ${MAX_CALLS}) k.fail(); ` : '(w) => { ';
  const name = locals.name('d', top, () => `${head}${decodeBody(decoding, top)} }`);
  return deep ? `${name}(${wire}, ${depth})` : `${name}(${wire})`;
}

function decodeBody(decoding: Decoding, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object':
      return decodeObject(decoding, shape);
    case 'record':
      return decodeRecord(decoding, shape);
    case 'array':
      return `const l = k.list(w), r = []; ${pushEach(decoding, shape.element, '0', 'l.length')} return r;`;
    case 'tuple':
      return decodeTuple(decoding, shape);
    case 'map':
      return `const l = k.list(w), n = l.length; if (n % 2 !== 0) k.fail(); const r = new M(); for (let i = 0; i < n; i += 2) r.set(${writeDecode(decoding, shape.key, 'l[i]')}, ${writeDecode(decoding, shape.value, 'l[i + 1]')}); return r.size === n / 2 ? r : k.fail();`;
    case 'set':
      return `const l = k.list(w), r = new S(); for (let i = 0; i < l.length; i++) r.add(${writeDecode(decoding, shape.element, 'l[i]')}); return r.size === l.length ? r : k.fail();`;
    case 'class':
      return `return ${writeCoded(decoding.locals, shape)}.decode(${writeDecode(decoding, shape.wire, 'w')});`;
    case 'union':
      return decodeUnion(decoding, shape);
    default:
      return 'return k.fail();';
  }
}

function decodeObject(decoding: Decoding, shape: Kind<'object'>): string {
  const places = byName(shape.properties);
  const fields: string[] = [];
  const later: string[] = [];
  for (const property of shape.properties) {
    const place = `l[${places.indexOf(property)}]`;
    const value = property.optional
      ? decodeOptional(decoding, property.shape, place)
      : writeDecode(decoding, property.shape, place);
    // What follows an optional property has to be added after it: the order is part of the value.
    if (!property.optional && later.length === 0) fields.push(`${propertyName(property.name)}: ${value}`);
    else later.push(`${whenPresent(decoding, property, place)}r${member(property.name)} = ${value};`);
  }
  const list = `const l = k.list(w, ${shape.properties.length});`;
  const literal = `{ ${fields.join(', ')} }`;
  return later.length === 0
    ? `${list} return ${literal};`
    : `${list} const r = ${literal}; ${later.join(' ')} return r;`;
}

function whenPresent(decoding: Decoding, property: PropertyShape, place: string): string {
  if (!property.optional) return '';
  const missing = missingMarker(withoutUndefined(decoding.locals.refs, property.shape)) ?? '0';
  return `if (${place} !== ${missing}) `;
}

/** An optional place that is there: [] is undefined. */
function decodeOptional(decoding: Decoding, declared: TypeShape, wire: string): string {
  const shape = withoutUndefined(decoding.locals.refs, declared);
  if (missingMarker(shape) !== undefined) {
    return `A.isArray(${wire}) && ${wire}.length === 0 ? void 0 : ${writeDecode(decoding, shape, wire)}`;
  }
  return `k.list(${wire}).length === 0 ? void 0 : ${writeDecode(decoding, shape, `k.list(${wire}, 1)[0]`)}`;
}

function pushEach(decoding: Decoding, element: TypeShape, from: string, to: string): string {
  return `for (let i = ${from}; i < ${to}; i++) { const x = l[i]; r.push(${writeDecode(decoding, element, 'x')}); }`;
}

function decodeRecord(decoding: Decoding, shape: Kind<'record'>): string {
  const cases = shape.properties.map((property) => {
    const value = property.optional
      ? decodeOptional(decoding, property.shape, 'x')
      : writeDecode(decoding, property.shape, 'x');
    return `case ${quote(property.name)}: r[p] = ${value}; break; `;
  });
  const required = shape.properties
    .filter((property) => !property.optional)
    .map((property) => `if (!H(r, ${quote(property.name)})) k.fail(); `);
  const rest = `default: r[p] = ${writeDecode(decoding, shape.value, 'x')};`;
  return `const l = k.list(w), n = l.length, r = {}; if (n % 2 !== 0) k.fail(); for (let i = 0; i < n; i += 2) { const p = k.toStr(l[i]), x = l[i + 1]; if (p === "__proto__" || H(r, p)) k.fail(); switch (p) { ${cases.join('')}${rest} } } ${required.join('')}return r;`;
}

function decodeTuple(decoding: Decoding, shape: Kind<'tuple'>): string {
  const { lead, rest, trail, minLength } = tupleLayout(shape);
  const end = trail.length === 0 ? 'n' : `n - ${trail.length}`;
  const tooLong = rest === undefined ? ` || n > ${lead.length}` : '';
  const parts = lead.map((element, index) => {
    const place = `l[${index}]`;
    return element.optional
      ? `if (${index} < ${end}) r.push(${decodeOptional(decoding, element.shape, place)});`
      : `r.push(${writeDecode(decoding, element.shape, place)});`;
  });
  if (rest !== undefined) parts.push(pushEach(decoding, rest, String(lead.length), end));
  trail.forEach((element, index) => {
    parts.push(`r.push(${writeDecode(decoding, element, `l[${end} + ${index}]`)});`);
  });
  return `const l = k.list(w), n = l.length, r = []; if (n < ${minLength}${tooLong}) k.fail(); ${parts.join(' ')} return r;`;
}

function decodeUnion(decoding: Decoding, shape: Kind<'union'>): string {
  const { leaves, others } = splitArms(shape);
  const leaf = leaves.length === 0 ? 'k.fail()' : decodeLeaves(decoding.locals, leaves, 'w');
  const cases = others.map((arm, index) => `case ${index}: return ${writeDecode(decoding, arm, 'x')}; `);
  return `if (!A.isArray(w) || w.length !== 2) return ${leaf}; const x = w[1]; switch (w[0]) { ${cases.join('')}default: return k.fail(); }`;
}
