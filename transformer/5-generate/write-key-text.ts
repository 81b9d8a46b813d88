// Generates code that builds the canonical key text of a value. It gives the same text as `kit.any` for every value:
// those not of the declared shape are passed to `kit.any` itself. Grammar: docs/spec/key.md.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { quote, readOwn } from './literal.ts';
import { writeNames, type Locals } from './locals.ts';
import { byName, isLeaf, isReference, leafType, simplify, tupleLayout } from './simplify-shape.ts';

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

/** An expression. `value` is a name; `depth` is the number of objects and arrays around it. */
export function writeKeyText(locals: Locals, shape: TypeShape, value: string, depth: number): string {
  const any = depth === 0 ? `k.any(${value})` : `k.any(${value}, ${depth})`;
  // Values of a recursive type may share parts and take exponential time; only `any` has a bound for that.
  if (isReference(shape)) return any;
  const top = simplify(locals.refs, shape);
  switch (top.kind) {
    case 'primitive':
    case 'literal':
      return writeLeaves([leafType(top)], value, any);
    case 'object':
    case 'array':
    case 'tuple':
      return `${locals.name('s', [depth, top], () => `(v) => ${writeBody(locals, top, depth)}`)}(${value})`;
    case 'union': {
      const types = top.arms.filter(isLeaf).map(leafType);
      const lists = top.arms.filter((arm) => arm.kind === 'array' || arm.kind === 'tuple');
      const plain = top.arms.filter((arm) => arm.kind === 'object');
      // Only one arm gets generated code, as that handles every value: what is not of its shape goes to `any`.
      const [only, second] = lists.length === 1 ? lists : plain;
      const rest =
        only === undefined || second !== undefined ? any : writeKeyText(locals, only, value, depth);
      return writeLeaves([...new Set(types)], value, rest);
    }
    default:
      return any;
  }
}

/** Inlined, as a call would cost more. Only 0 and -0 need a function. */
const LEAVES: Readonly<Record<string, (value: string) => string>> = {
  string: (value) => `typeof ${value} === "string" ? "s" + ${value}.length + ":" + ${value} : `,
  number: (value) =>
    `typeof ${value} === "number" ? ${value} === 0 ? k.num(${value}) : "d" + ${value} + ";" : `,
  boolean: (value) => `${value} === true ? "t" : ${value} === false ? "f" : `,
  null: (value) => `${value} === null ? "n" : `,
  undefined: (value) => `${value} === void 0 ? "u" : `,
};

function writeLeaves(types: readonly string[], value: string, rest: string): string {
  const tests = types.map((type) => LEAVES[type]?.(value) ?? '').join('');
  return tests === '' ? rest : `(${tests}${rest})`;
}

function writeBody(locals: Locals, shape: Kind<'object' | 'array' | 'tuple'>, depth: number): string {
  const any = depth === 0 ? 'k.any(v)' : `k.any(v, ${depth})`;
  if (shape.kind === 'object') return objectText(locals, shape, depth, any);
  const text = (inner: TypeShape, name: string): string => writeKeyText(locals, inner, name, depth + 1);
  const head = `{ if (!k.list(v)) return ${any}; const n = v.length; let s = "[";`;
  if (shape.kind === 'array') {
    return `${head} for (let i = 0; i < n; i++) { const x = v[i]; s += ${text(shape.element, 'x')}; } return s + "]"; }`;
  }
  const { lead, rest, trail } = tupleLayout(shape);
  const parts = lead.map(
    (element, index) => `if (n > ${index}) { const x = v[${index}]; s += ${text(element.shape, 'x')}; }`,
  );
  const more = rest === undefined || trail.length > 0 ? `k.any(x, ${depth + 1})` : text(rest, 'x');
  return `${head} ${parts.join(' ')} for (let i = ${lead.length}; i < n; i++) { const x = v[i]; s += ${more}; } return s + "]"; }`;
}

/** Properties in the order of their names; one that is undefined counts as missing. */
function objectText(locals: Locals, shape: Kind<'object'>, depth: number, any: string): string {
  const names = writeNames(locals, shape.properties);
  const parts = byName(shape.properties).map(({ name, shape: inner }, index) => {
    const local = `p${index}`;
    const label = quote(`s${name.length}:${name}`);
    return `const ${local} = ${readOwn('v', name, 'H')}; if (${local} !== void 0) s += ${label} + ${writeKeyText(locals, inner, local, depth + 1)};`;
  });
  return `{ if (!k.only(v, ${names})) return ${any}; let s = "{"; ${parts.join(' ')} return s + "}"; }`;
}
