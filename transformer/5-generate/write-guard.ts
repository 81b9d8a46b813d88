// Shape → text of a test: the value is exactly of the type. Used on what a function returned and what a store gave.
import type { PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { literalText, quote, readOwn } from './literal.ts';
import { writeNames, type Locals } from './locals.ts';
import { isLeaf, mayBeUndefined, simplify, tupleLayout } from './simplify-shape.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/**
 * An expression; `value` is a name or a cheap read. `open`: name or literal, true allows further own properties. Uses
 * the locals of write-value.ts.
 */
export function writeTest(locals: Locals, shape: TypeShape, value: string, open: string): string {
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
      return primitiveTest(top.name, value);
    case 'literal':
      return `${value} === ${literalText(top.value)}`;
    case 'date':
      return `k.isDate(${value})`;
    case 'bytes':
      return `k.isBytes(${value}, ${quote(top.type)})`;
    case 'text':
      return `k.isText(${value}, ${quote(top.type)})`;
    case 'class':
      return `${writeCoded(locals, top)}.is(${value})`;
    case 'any':
      return `k.isAny(${value})`;
    case 'ref':
    case 'unsupported':
      return 'false';
    case 'union':
      if (top.arms.every(isLeaf)) return unionTest(locals, top, value);
      break;
    default:
  }
  return `${locals.name('t', top, () => `(v, o) => ${writeTestBody(locals, top)}`)}(${value}, ${open})`;
}

/** Name of the local that stands for a class codec. The class is reached late: its module may not be there yet when the site is made. */
export function writeCoded(locals: Locals, shape: Kind<'class'>): string {
  const { id, reach, wire } = shape;
  const about = [id, reach, wire];
  const name = locals.name('x', about, () => {
    const expression = reach === undefined ? 'void 0' : locals.reach(reach);
    return `k.coded(${quote(id)}, () => ${expression}, (x) => ${writeTest(locals, wire, 'x', 'false')})`;
  });
  locals.coded.add(name);
  return name;
}

function primitiveTest(name: string, value: string): string {
  if (name === 'null') return `${value} === null`;
  if (name === 'undefined') return `${value} === void 0`;
  return `typeof ${value} === ${quote(name)}`;
}

function unionTest(locals: Locals, shape: Kind<'union'>, value: string): string {
  return `(${shape.arms.map((arm) => writeArmTest(locals, shape.arms, arm, value, 'o')).join(' || ')})`;
}

/**
 * Test of one arm of several. Beside classes an object is looked at before its properties are read: a getter of an instance
 * that throws must not hide that the value is of the class.
 */
export function writeArmTest(
  locals: Locals,
  arms: readonly TypeShape[],
  arm: TypeShape,
  value: string,
  open: string,
): string {
  const test = writeTest(locals, arm, value, open);
  return arm.kind === 'object' && arms.some(({ kind }) => kind === 'class')
    ? `(k.plain(${value}) && ${test})`
    : test;
}

function writeTestBody(locals: Locals, shape: TypeShape): string {
  const test = (inner: TypeShape, value: string): string => writeTest(locals, inner, value, 'o');
  switch (shape.kind) {
    case 'object':
      return objectTest(locals, shape);
    case 'record':
      return recordTest(locals, shape);
    case 'array':
      return `{ if (!k.isList(v)) return false; ${eachElement(test(shape.element, 'x'), '0', 'v.length')} return true; }`;
    case 'tuple':
      return tupleTest(locals, shape);
    case 'map':
      return `{ if (!k.isMap(v)) return false; for (const [x, y] of v) if (!(${test(shape.key, 'x')} && ${test(shape.value, 'y')})) return false; return true; }`;
    case 'set':
      return `{ if (!k.isSet(v)) return false; for (const x of v) if (!(${test(shape.element, 'x')})) return false; return true; }`;
    case 'union':
      return unionTest(locals, shape, 'v');
    default:
      return 'false';
  }
}

function eachElement(test: string, from: string, to: string): string {
  return `for (let i = ${from}; i < ${to}; i++) { const x = v[i]; if (!(${test})) return false; }`;
}

/**
 * `n` counts the declared properties that are there: as many own ones in the declared order, and there are no others. In
 * another order the value is of the type, but copy and codec would change it. The prototype comes after the reads: by then V8
 * knows what the value is, and need not ask for it.
 */
function objectTest(locals: Locals, shape: Kind<'object'>): string {
  const required = shape.properties.filter((property) => !property.optional).length;
  const tests = shape.properties.map((property, index) => propertyTest(locals, property, `p${index}`));
  const names = writeNames(locals, shape.properties);
  return `{ if (typeof v !== "object" || v === null) return false; let n = ${required}; ${tests.join(' ')} const q = P(v); return o === true ? q === O || q === null : q === O && k.own(v, ${names}) === n; }`;
}

function propertyTest(locals: Locals, property: PropertyShape, local: string): string {
  const read = `const ${local} = ${readOwn('v', property.name, 'H')};`;
  const test = writeTest(locals, property.shape, local, 'o');
  const isOwn = `H(v, ${quote(property.name)})`;
  if (property.optional) {
    return `${read} if (${local} !== void 0) { if (!(${test})) return false; n++; } else if (${isOwn}) n++;`;
  }
  // A required property that is undefined must be there; others would fail their test.
  const presence = mayBeUndefined(locals.refs, property.shape)
    ? ` if (${local} === void 0 && !${isOwn}) return false;`
    : '';
  return `${read}${presence} if (!(${test})) return false;`;
}

function recordTest(locals: Locals, shape: Kind<'record'>): string {
  const cases = shape.properties.map((property) => {
    const test = writeTest(locals, property.shape, 'x', 'o');
    const holds = property.optional ? `(x === void 0 || ${test})` : test;
    return `case ${quote(property.name)}: if (!(${holds})) return false; break; `;
  });
  const required = shape.properties
    .filter((property) => !property.optional)
    .map((property) => `if (!H(v, ${quote(property.name)})) return false; `);
  const rest = `default: if (!(${writeTest(locals, shape.value, 'x', 'o')})) return false;`;
  return `{ if (!k.plain(v) || (o !== true && P(v) !== O)) return false; ${required.join('')}for (const p of E.keys(v)) { if (p === "__proto__") return false; const x = v[p]; switch (p) { ${cases.join('')}${rest} } } return true; }`;
}

function tupleTest(locals: Locals, shape: Kind<'tuple'>): string {
  const { lead, rest, trail, minLength } = tupleLayout(shape);
  const end = trail.length === 0 ? 'n' : `n - ${trail.length}`;
  const tooLong = rest === undefined ? ` || n > ${lead.length}` : '';
  const parts = lead.map(({ shape: element, optional }, index) => {
    const test = writeTest(locals, element, `v[${index}]`, 'o');
    const holds = optional ? `(${index} >= ${end} || v[${index}] === void 0 || ${test})` : test;
    return `if (!(${holds})) return false;`;
  });
  if (rest !== undefined) {
    parts.push(eachElement(writeTest(locals, rest, 'x', 'o'), String(lead.length), end));
  }
  trail.forEach((element, index) => {
    parts.push(`if (!(${writeTest(locals, element, `v[${end} + ${index}]`, 'o')})) return false;`);
  });
  return `{ if (!k.isList(v)) return false; const n = v.length; if (n < ${minLength}${tooLong}) return false; ${parts.join(' ')} return true; }`;
}
