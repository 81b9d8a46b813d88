// Generates the guard: a test that a value is exactly of the type. It is applied to results before they are stored and
// to values that came from a store.
import type { PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { isInherited, literalText, quote, readOnce, readOwn, usesLocal } from './literal.ts';
import { writeNames, type Locals } from './locals.ts';
import {
  isLeaf,
  isStrings,
  mayBeUndefined,
  simplify,
  tupleLayout,
  withoutUndefined,
} from './simplify-shape.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/**
 * The test as an expression. It mentions `value` once, unless that is a name, as a getter may return something else the
 * second time.
 * @param open an expression; when it is true, objects may have more own properties than declared.
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
    case 'array':
      if (isStrings(locals.refs, top)) return `k.isStrings(${value})`;
      break;
    case 'union':
      if (top.arms.length === 2 && isName(value)) return `(${unionTest(locals, top, value, open)})`;
      // Primitives have no further properties, so `open` does not matter.
      if (top.arms.every(isLeaf)) {
        return `${locals.name('t', top, () => `(v) => ${unionTest(locals, top, 'v', 'false')}`)}(${value})`;
      }
      break;
    default:
  }
  const write = (): string =>
    top.kind === 'object' ? objectTest(locals, top) : `(v, o) => ${writeTestBody(locals, top)}`;
  return `${locals.name('t', top, write)}(${value}, ${open})`;
}

function isName(value: string): boolean {
  return /^\w+$/.test(value);
}

/**
 * Name of the local class codec. It reaches the class lazily, as its module may not have run yet when the site is made.
 */
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

/** The test for a primitive type, by its name. */
export function primitiveTest(name: string, value: string): string {
  if (name === 'null') return `${value} === null`;
  if (name === 'undefined') return `${value} === void 0`;
  return `typeof ${value} === ${quote(name)}`;
}

/** Tests primitive arms first, which cost least. */
function unionTest(locals: Locals, { arms }: Kind<'union'>, value: string, open: string): string {
  const ordered = [...arms.filter(isLeaf), ...arms.filter((arm) => !isLeaf(arm))];
  return ordered.map((arm) => writeArmTest(locals, arms, arm, value, open)).join(' || ');
}

/**
 * Tests one arm of a union. If another arm is a class, `k.plain` guards the property reads of an object arm: a throwing
 * getter of an instance must not keep the value from being recognised as of that class.
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
    case 'record':
      return recordTest(locals, shape);
    case 'array':
      return `{ if (!k.isList(v)) return false; ${eachElement(locals, shape.element, '0', 'v.length')} return true; }`;
    case 'tuple':
      return tupleTest(locals, shape);
    case 'map':
      return `{ if (!k.isMap(v)) return false; for (const [x, y] of v) if (!(${test(shape.key, 'x')} && ${test(shape.value, 'y')})) return false; return true; }`;
    case 'set':
      return `{ if (!k.isSet(v)) return false; for (const x of v) if (${failed(test(shape.element, 'x'))}) return false; return true; }`;
    case 'union':
      return unionTest(locals, shape, 'v', 'o');
    default:
      return 'false';
  }
}

function eachElement(locals: Locals, element: TypeShape, from: string, to: string): string {
  return `for (let i = ${from}; i < ${to}; i++) if (${failed(writeTest(locals, element, 'v[i]', 'o'))}) return false;`;
}

/** Negates a test; a plain call needs no parentheses. */
function failed(test: string): string {
  return /^[\w.]+\([^()]*\)$/.test(test) ? `!${test}` : `!(${test})`;
}

/**
 * Tests each declared property, then `closed`: there are no other own properties, and they are in the declared order.
 * In another order the value is of the type as well, but copy and codec would change the order. `n` counts the declared
 * properties that are present, if some are optional. The prototype is tested after the reads: by then V8 knows the
 * hidden class of the value, and reading the prototype is cheap.
 */
function objectTest(locals: Locals, { properties }: Kind<'object'>): string {
  const required = properties.filter((property) => !property.optional);
  const hasOptional = required.length < properties.length;
  const [first] = properties;
  const isEnough = first !== undefined && refusesMissing(locals, first);
  const tests = properties.map((property, index) =>
    propertyTest(locals, property, readOwn(index === 0 && isEnough ? 'v?' : 'v', property.name, 'H')),
  );
  const closed = `k.closed(v, P(v), ${writeNames(locals, properties)}, o${hasOptional ? ', n' : ''})`;
  const all = [...(isEnough ? [] : ['typeof v === "object"', 'v !== null']), ...tests, closed].join(' && ');
  const hasLocal = tests.some(usesLocal);
  if (hasOptional) return `(v, o) => { let ${hasLocal ? 'p, ' : ''}n = ${required.length}; return ${all}; }`;
  return hasLocal ? `(v, o, p) => ${all}` : `(v, o) => ${all}`;
}

/**
 * True when reading the property by `?.` from null or undefined gives undefined, which fails its test. A test whether
 * the value is an object is then not needed, as `closed` refuses all other primitives.
 */
function refusesMissing(locals: Locals, { name, shape, optional }: PropertyShape): boolean {
  return !optional && !isInherited(name) && !mayBeUndefined(locals.refs, shape);
}

/** @param read an expression that reads the property. */
function propertyTest(locals: Locals, { name, shape, optional }: PropertyShape, read: string): string {
  if (!optional && !mayBeUndefined(locals.refs, shape)) {
    return readOnce(writeTest(locals, shape, 'p', 'o'), read);
  }
  const isOwn = `H(v, ${quote(name)})`;
  const present = withoutUndefined(locals.refs, shape);
  // `N?: never`: in some unions each member has all properties of the others like this.
  if (optional && present.kind === 'primitive' && present.name === 'undefined')
    return `(${read} === void 0 && (!${isOwn} || ++n))`;
  const test = writeTest(locals, present, 'p', 'o');
  // A required property may be undefined, but must exist.
  return optional
    ? `((p = ${read}) === void 0 ? !${isOwn} || ++n : ${test} && ++n)`
    : `((p = ${read}) === void 0 ? ${isOwn} : ${test})`;
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
    return `if (${failed(holds)}) return false;`;
  });
  if (rest !== undefined) {
    parts.push(eachElement(locals, rest, String(lead.length), end));
  }
  trail.forEach((element, index) => {
    parts.push(`if (!(${writeTest(locals, element, `v[${end} + ${index}]`, 'o')})) return false;`);
  });
  return `{ if (!k.isList(v)) return false; const n = v.length; if (n < ${minLength}${tooLong}) return false; ${parts.join(' ')} return true; }`;
}
