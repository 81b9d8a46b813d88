// Generates code that keeps a form of an argument in the memory index, and code that compares a later argument with it,
// which is the hot path of a memory hit: it builds no text, allocates nothing, and stops at the first difference.
//
// Kept forms: a primitive as itself, a Date as its time, an object or array as a copy; where a union has several kinds
// of objects, `{ t: arm, v: kept }`.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { literalText, quote, readOnce, readOwn, usesLocal } from './literal.ts';
import { writeNames, type Locals } from './locals.ts';
import {
  isLeaf,
  isPrimitive,
  isReference,
  leafType,
  mayBeUndefined,
  simplify,
  tupleLayout,
  type UnionShape,
} from './simplify-shape.ts';
import { splitArms } from './union-arms.ts';
import { primitiveTest } from './write-guard.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/** False for Maps, Sets, records, bytes, `any` and recursive types, which are found by their key text only. */
export function canKeep(refs: readonly TypeShape[], shape: TypeShape): boolean {
  if (isReference(shape)) return false;
  const top = simplify(refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
    case 'date':
      return true;
    case 'object':
      return top.properties.every((property) => canKeep(refs, property.shape));
    case 'array':
      return canKeep(refs, top.element);
    case 'tuple':
      // Elements after a rest element are counted from the end, so they have no fixed index.
      return (
        tupleLayout(top).trail.length === 0 && top.elements.every((element) => canKeep(refs, element.shape))
      );
    case 'union':
      return top.arms.every((arm) => canKeep(refs, arm));
    default:
      return false;
  }
}

/** An expression that tests whether the value is exactly of the type; undefined counts as a missing property. */
export function writeKeepTest(locals: Locals, shape: TypeShape, value: string): string {
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
      return primitiveTest(top.name, value);
    case 'literal':
      return `${value} === ${literalText(top.value)}`;
    case 'date':
      return `k.date(${value})`;
    case 'union':
      return `(${top.arms.map((arm) => writeKeepTest(locals, arm, value)).join(' || ')})`;
    default:
      return `${locals.name('h', top, () => writeKeepTestOf(locals, top))}(${value})`;
  }
}

function writeKeepTestOf(locals: Locals, shape: TypeShape): string {
  const body = keepTestBody(locals, shape);
  return `(v${usesLocal(body) ? ', p' : ''}) => ${body}`;
}

function keepTestBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object': {
      const names = writeNames(locals, shape.properties);
      const tests = shape.properties.map(({ name, optional, shape: inner }) => {
        const read = readOwn('v', name, 'H');
        const test = writeKeepTest(locals, inner, 'p');
        return readOnce(optional ? `(p === void 0 || ${test})` : test, read);
      });
      return [`k.only(v, ${names})`, ...tests].join(' && ');
    }
    case 'array': {
      const test = writeKeepTest(locals, shape.element, 'x');
      return `{ if (!k.list(v)) return false; for (let i = 0; i < v.length; i++) { const x = v[i]; if (!(${test})) return false; } return true; }`;
    }
    case 'tuple': {
      const { rest, minLength } = tupleLayout(shape);
      const tooLong = rest === undefined ? ` || n > ${shape.elements.length}` : '';
      const tests = tupleParts(shape, (inner, optional, place) => {
        const test = writeKeepTest(locals, inner, 'x');
        return `const x = ${place}; if (!(${optional ? 'x === void 0 || ' : ''}${test})) return false;`;
      });
      return `{ if (!k.list(v)) return false; const n = v.length; if (n < ${minLength}${tooLong}) return false; ${tests} return true; }`;
    }
    default:
      return '{ return false; }';
  }
}

/** Statements for each element of a tuple `v`; `write` gets the expression that reads the element. */
function tupleParts(
  shape: Kind<'tuple'>,
  write: (inner: TypeShape, optional: boolean, place: string, index: string) => string,
): string {
  const { lead, rest } = tupleLayout(shape);
  const parts = lead.map(
    (element, index) =>
      `if (${index} < n) { ${write(element.shape, element.optional, `v[${index}]`, String(index))} }`,
  );
  if (rest !== undefined) {
    parts.push(`for (let i = ${lead.length}; i < n; i++) { ${write(rest, false, 'v[i]', 'i')} }`);
  }
  return parts.join(' ');
}

/** An expression for the kept form of a value that passed the test. */
export function writeKept(locals: Locals, shape: TypeShape, value: string): string {
  const top = simplify(locals.refs, shape);
  if (isPrimitive(locals.refs, top)) return value;
  if (top.kind === 'date') return `${value}.getTime()`;
  return `${locals.name('g', top, () => `(v) => ${keptBody(locals, top)}`)}(${value})`;
}

function keptBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'object': {
      const fields = shape.properties.map(({ name, optional, shape: inner }, index) => {
        const read = readOwn('v', name, 'H');
        const isDeep = optional && !isPrimitive(locals.refs, inner);
        return `_${index}: ${isDeep ? `${read} === void 0 ? void 0 : ` : ''}${writeKept(locals, inner, read)}`;
      });
      return `({ ${fields.join(', ')} })`;
    }
    case 'array':
      return `{ const n = v.length, r = []; for (let i = 0; i < n; i++) { const x = v[i]; r.push(${writeKept(locals, shape.element, 'x')}); } return r; }`;
    case 'tuple': {
      const parts = tupleParts(shape, (inner, optional, place) => {
        const isDeep = optional && !isPrimitive(locals.refs, inner);
        return `const x = ${place}; r.push(${isDeep ? 'x === void 0 ? void 0 : ' : ''}${writeKept(locals, inner, 'x')});`;
      });
      return `{ const n = v.length, r = []; ${parts} return r; }`;
    }
    case 'union': {
      const { leaves, others } = splitArms(shape);
      const bare = bareArm(shape);
      if (bare !== undefined)
        return `typeof v !== "object" || v === null ? v : ${writeKept(locals, bare, 'v')}`;
      const arms = others.map(
        (arm, index) =>
          `${writeKeepTest(locals, arm, 'v')} ? { t: ${index}, v: ${writeKept(locals, arm, 'v')} } : `,
      );
      return leaves.length === 0
        ? `${arms.join('')}v`
        : `typeof v !== "object" || v === null ? v : ${arms.join('')}v`;
    }
    default:
      return 'v';
  }
}

/** The only object arm of a union, which needs no arm number. Not a Date, whose kept form is a number. */
function bareArm(shape: UnionShape): TypeShape | undefined {
  const { others } = splitArms(shape);
  const [only, second] = others;
  return second === undefined && only?.kind !== 'date' ? only : undefined;
}

/** An expression: `value` has the key text of the value that `kept` was made of. Both are cheap to repeat. */
export function writeSame(
  locals: Locals,
  shape: TypeShape,
  kept: string,
  value: string,
  optional = false,
): string {
  const top = simplify(locals.refs, shape);
  const arms = top.kind === 'union' ? top.arms : [top];
  if (arms.every(isLeaf)) {
    return arms.some((arm) => isLeaf(arm) && leafType(arm) === 'number')
      ? `(${kept} === ${value} ? ${value} !== 0 || 1 / ${value} === 1 / ${kept} : ${kept} !== ${kept} && ${value} !== ${value})`
      : `${kept} === ${value}`;
  }
  const same = `${locals.name('q', top, () => `(l, v) => ${sameBody(locals, top)}`)}(${kept}, ${value})`;
  return optional ? `(${kept} === void 0 ? ${value} === void 0 : ${same})` : same;
}

function sameBody(locals: Locals, shape: TypeShape): string {
  switch (shape.kind) {
    case 'date':
      return '{ if (!k.date(v)) return false; const x = v.getTime(); return l === x || (l !== l && x !== x); }';
    case 'object':
      return sameObject(locals, shape);
    case 'array': {
      const same = writeSame(locals, shape.element, 'l[i]', 'x');
      return `{ ${SAME_LIST} for (let i = 0; i < n; i++) { const x = v[i]; if (!(${same})${noHole(mayBeUndefined(locals.refs, shape.element), 'i')}) return false; } return true; }`;
    }
    case 'tuple': {
      const parts = tupleParts(shape, (inner, optional, place, index) => {
        const same = writeSame(locals, inner, `l[${index}]`, 'x', optional);
        const hole = noHole(optional || mayBeUndefined(locals.refs, inner), index);
        return `const x = ${place}; if (!(${same})${hole}) return false;`;
      });
      return `{ ${SAME_LIST} ${parts} return true; }`;
    }
    case 'union':
      return sameUnion(locals, shape);
    default:
      return 'false';
  }
}

/** Refuses holes in arrays, which read as undefined but have no key text. `canBe`: the element may be undefined. */
function noHole(canBe: boolean, index: string): string {
  return canBe ? ` || x === void 0 && !H(v, ${index})` : '';
}

/**
 * Tests for a plain array of the kept length. `index` and `raw` exclude the built-in arrays with extra properties:
 * matches of a RegExp, template strings. The prototype is read after another property: by then V8 knows the hidden
 * class of the value.
 */
const SAME_LIST =
  'if (!A.isArray(v) || v.length !== l.length || P(v) !== A.prototype || v.index !== void 0 || v.raw !== void 0) return false; const n = v.length;';

/**
 * Compares the first field, then the prototype (see above), then the other fields. At the end no undeclared field may
 * be present, as undeclared fields are part of the key.
 */
function sameObject(locals: Locals, shape: Kind<'object'>): string {
  const [first = '', ...others] = shape.properties.map(({ name, optional, shape: inner }, index) => {
    const local = `p${index}`;
    const same = writeSame(locals, inner, `l._${index}`, local, optional);
    return `const ${local} = ${readOwn('v', name, 'H')}; if (!(${same})) return false;`;
  });
  const undeclared = shape.properties.map(({ name }) => `p !== ${quote(name)} && `).join('');
  return `{ if (typeof v !== "object" || v === null) return false; ${first} const o = P(v); if (o !== O && o !== null) return false; ${others.join(' ')} for (const p in v) if (${undeclared}v[p] !== void 0) return false; return true; }`;
}

function sameUnion(locals: Locals, shape: UnionShape): string {
  const { leaves, others } = splitArms(shape);
  const leaf = leaves.length === 0 ? 'false' : writeSame(locals, { kind: 'union', arms: leaves }, 'l', 'v');
  const bare = bareArm(shape);
  const same =
    bare === undefined
      ? others.map((arm, index) => `l.t === ${index} ? ${writeSame(locals, arm, 'l.v', 'v')} : `).join('') +
        'false'
      : writeSame(locals, bare, 'l', 'v');
  return `typeof l !== "object" || l === null ? ${leaf} : ${same}`;
}
