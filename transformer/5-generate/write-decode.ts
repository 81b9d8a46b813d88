// Generates the decoder: code that reads a value part by part from `f`. The input may be hostile: anything that
// write-codec.ts would not write throws, and the decoded value is exactly of the type.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { decodeLeaf, decodeLeaves, missingMarker, skipMissing } from './leaf-codec.ts';
import { quote } from './literal.ts';
import type { Locals } from './locals.ts';
import { byName, isLeaf, isStrings, simplify, tupleLayout, withoutUndefined } from './simplify-shape.ts';
import { onlyObject, splitArms, type OnlyObject } from './union-arms.ts';
import { writeCoded } from './write-guard.ts';
import { writeMade } from './write-made.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/** An expression that reads the next part from `f`. */
export function writeDecode(locals: Locals, shape: TypeShape): string {
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
      return decodeLeaf(locals, top);
    case 'date':
      return 'k.toDate(f.num())';
    case 'bytes':
      return `k.toBytes(f.bytes(), ${quote(top.type)})`;
    case 'text':
      return `k.toText(f.str(), ${quote(top.type)})`;
    case 'any':
      return 'k.toAny(f.wire())';
    case 'unsupported':
      return 'k.fail()';
    case 'array':
      if (isStrings(locals.refs, top)) return 'k.toStrings(f)';
      break;
    case 'union': {
      if (top.arms.every(isLeaf)) return decodeLeaves(locals, top.arms);
      const only = onlyObject(top);
      if (only !== undefined) return decodeOnly(locals, only);
      break;
    }
    default:
  }
  return `${locals.name('d', top, () => `(f) => ${decodeBody(locals, top)}`)}(f)`;
}

function decodeBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object':
      return decodeObject(locals, shape);
    case 'record':
      return decodeRecord(locals, shape);
    case 'array':
      return `{ const n = f.list(), r = []; ${pushEach(locals, shape.element, '0', 'n')} f.end(); return r; }`;
    case 'tuple':
      return decodeTuple(locals, shape);
    case 'map':
      return `{ const n = f.list(), r = new M(); if (n % 2 !== 0) k.fail(); for (let i = 0; i < n; i += 2) r.set(${writeDecode(locals, shape.key)}, ${writeDecode(locals, shape.value)}); f.end(); return r.size === n / 2 ? r : k.fail(); }`;
    case 'set':
      return `{ const n = f.list(), r = new S(); for (let i = 0; i < n; i++) r.add(${writeDecode(locals, shape.element)}); f.end(); return r.size === n ? r : k.fail(); }`;
    case 'class':
      // `enter` bounds the depth of a class whose data contains the class itself.
      return `{ f.enter(); const x = ${writeDecode(locals, shape.wire)}; f.end(); return ${writeCoded(locals, shape)}.decode(x); }`;
    case 'union':
      return decodeUnion(locals, shape);
    default:
      return 'k.fail()';
  }
}

/** Reads the properties in wire order and makes the object in declaration order. */
function decodeObject(locals: Locals, { properties }: Kind<'object'>): string {
  const values = byName(properties).map(({ optional, shape }) =>
    optional ? decodeMissing(locals, shape) : writeDecode(locals, shape),
  );
  return `(f.list(${values.length}), k.end(f, ${writeMade(locals, properties, values)}))`;
}

/** Reads an optional property; the result is `N` when it is missing. */
function decodeMissing(locals: Locals, declared: TypeShape): string {
  const shape = withoutUndefined(locals.refs, declared);
  const marker = missingMarker(shape) ?? 'zero';
  return `${skipMissing(marker)} ? N : ${decodeOptional(locals, declared)}`;
}

/** Reads an optional element or property that is present; an empty list means undefined. */
function decodeOptional(locals: Locals, declared: TypeShape): string {
  const shape = withoutUndefined(locals.refs, declared);
  const value = writeDecode(locals, shape);
  const present = missingMarker(shape) === undefined ? `(f.list(1), k.end(f, ${value}))` : value;
  return `f.skipUndef() ? void 0 : ${present}`;
}

function pushEach(locals: Locals, element: TypeShape, from: string, to: string): string {
  return `for (let i = ${from}; i < ${to}; i++) r.push(${writeDecode(locals, element)});`;
}

function decodeRecord(locals: Locals, shape: Kind<'record'>): string {
  const cases = shape.properties.map((property) => {
    const value = property.optional
      ? decodeOptional(locals, property.shape)
      : writeDecode(locals, property.shape);
    return `case ${quote(property.name)}: r[p] = ${value}; break; `;
  });
  const required = shape.properties
    .filter((property) => !property.optional)
    .map((property) => `if (!H(r, ${quote(property.name)})) k.fail(); `);
  const rest = `default: r[p] = ${writeDecode(locals, shape.value)};`;
  return `{ const n = f.list(), r = {}; if (n % 2 !== 0) k.fail(); for (let i = 0; i < n; i += 2) { const p = f.str(); if (p === "__proto__" || H(r, p)) k.fail(); switch (p) { ${cases.join('')}${rest} } } ${required.join('')}f.end(); return r; }`;
}

function decodeTuple(locals: Locals, shape: Kind<'tuple'>): string {
  const { lead, rest, trail, minLength } = tupleLayout(shape);
  const end = trail.length === 0 ? 'n' : `n - ${trail.length}`;
  const tooLong = rest === undefined ? ` || n > ${lead.length}` : '';
  const parts = lead.map((element, index) =>
    element.optional
      ? `if (${index} < ${end}) r.push(${decodeOptional(locals, element.shape)});`
      : `r.push(${writeDecode(locals, element.shape)});`,
  );
  if (rest !== undefined) parts.push(pushEach(locals, rest, String(lead.length), end));
  for (const element of trail) parts.push(`r.push(${writeDecode(locals, element)});`);
  return `{ const n = f.list(), r = []; if (n < ${minLength}${tooLong}) k.fail(); ${parts.join(' ')} f.end(); return r; }`;
}

function decodeUnion(locals: Locals, shape: Kind<'union'>): string {
  const { leaves, others } = splitArms(shape);
  const leaf = leaves.length === 0 ? 'k.fail()' : decodeLeaves(locals, leaves);
  const cases = others.map((arm, index) => `i === ${index} ? ${writeDecode(locals, arm)} : `);
  return `{ if (!f.skipPair()) return ${leaf}; const i = f.num(); return k.end(f, ${cases.join('')}k.fail()); }`;
}

/** Like `decodeUnion`, but inline. */
function decodeOnly(locals: Locals, { object, empty }: OnlyObject): string {
  const leaves = empty.map((name) =>
    name === 'null' ? 'f.skipNil() ? null : ' : 'f.skipUndef() ? void 0 : ',
  );
  return `${leaves.join('')}(k.arm(f), k.end(f, ${writeDecode(locals, object)}))`;
}
