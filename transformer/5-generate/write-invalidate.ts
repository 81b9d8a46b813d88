// Generates what goes around the body of a writer. The body stays in place, inside an arrow function; `async` stays as
// well.
//
//   export async function save(id: number): Promise<void> { const save$body = async (id) => { BODY };
//     return $ck.invalidateAfter(save$body, [id], [[() => [getReport], () => [id]]]); }
//
// A target is `[who, before?, after?]`. `who` returns the cached function and its object; it is 0 for a tag. `before`
// runs before the body and returns the arguments of the call to invalidate (absent: all calls). `after`, if present,
// returns the arguments instead, from what `before` returned and the result of the writer.
import type { InvalidationArg, ValuePath } from '../1-scan/writer.ts';
import type { PlannedInvalidation, PlannedTagPath, WriterPlan } from '../3-plan/plan-invalidate.ts';
import { literalText, quote } from './literal.ts';
import type { SiteText } from './texts.ts';

/** @param free turns a name into one that the file does not use. */
export function writeInvalidate(plan: WriterPlan, free: (name: string) => string): SiteText {
  const { target, invalidations } = plan;
  const { body } = target;
  if (body === undefined) throw new Error(`${plan.name} has no body`);
  const bound = target.params.flatMap((param) => param.names);
  const name = free(`${target.name}$body`);
  const open = body.block ? (body.hasDirectives ? '; ' : ' ') : '{ ';
  const arrow = `${target.async ? 'async ' : ''}(${bound.join(', ')}) => ${body.block ? '{' : '('}`;
  const targets = invalidations.map(writeTarget).join(', ');
  const call = `${free('$ck')}.invalidateAfter(${name}, [${bound.join(', ')}], [${targets}])`;
  const fn = {
    fnPos: target.node.start,
    fnEnd: target.node.end,
    asyncStart: -1,
    asyncEnd: -1,
    asyncBy: '',
    block: body.block,
    open: body.open,
    close: body.close,
    prefix: `${open}const ${name} = ${arrow}`,
    suffix: `${body.block ? '}' : ')'}; return ${call}; ${body.block ? '' : '}'}`,
    outer: outerNames(plan, bound),
  } as const;
  return { fn, call: undefined, slot: undefined, tail: '' };
}

/** Names in the text that are declared outside the function. */
function outerNames({ invalidations }: WriterPlan, bound: readonly string[]): readonly string[] {
  const roots = invalidations.flatMap((one) => (one.kind === 'call' ? one.path.slice(0, 1) : []));
  return [...new Set(roots)].filter((root) => root !== 'this' && !bound.includes(root));
}

type AnyPath = Pick<ValuePath, 'from' | 'root' | 'steps'>;

function writeTarget(one: PlannedInvalidation): string {
  const isAfter = pathsOf(one).some((path) => path.from === 'result');
  const before: string[] = [];
  const read = (path: AnyPath): string => {
    const text = expressionOf(path);
    return !isAfter || path.from === 'result' ? text : `a[${before.push(text) - 1}]`;
  };
  const items =
    one.kind === 'tag' ? [writeTag(one.parts, read)] : one.args?.map((arg) => writeArg(arg, read));
  const fields = [one.kind === 'tag' ? '0' : writeWho(one.path)];
  if (items !== undefined && isAfter) fields.push(`() => [${before.join(', ')}]`);
  if (items !== undefined) fields.push(`${isAfter ? '(a, r)' : '()'} => [${items.join(', ')}]`);
  return `[${fields.join(', ')}]`;
}

function pathsOf(one: PlannedInvalidation): readonly AnyPath[] {
  if (one.kind === 'tag') return one.parts.flatMap((part) => (typeof part === 'string' ? [] : part.path));
  return (one.args ?? []).flatMap((arg) => (arg.kind === 'path' ? arg : []));
}

/** `r` is the result, a parameter of `after`. Its other parameter `a` has the values read before the body. */
function expressionOf({ from, root, steps }: AnyPath): string {
  const first = from === 'parameter' ? root : from === 'this' ? 'this' : 'r';
  return [first, ...steps].join('?.');
}

function writeWho(path: readonly string[]): string {
  const self = path.length > 1 ? `, ${path.slice(0, -1).join('.')}` : '';
  return `() => [${path.join('.')}${self}]`;
}

function writeArg(arg: InvalidationArg, read: (path: AnyPath) => string): string {
  if (arg.kind === 'path') return read(arg);
  if (arg.value === undefined) return 'void 0';
  return arg.value === null ? 'null' : literalText(arg.value);
}

function writeTag(parts: readonly (string | PlannedTagPath)[], read: (path: AnyPath) => string): string {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return quote(part);
    const value = read(part.path);
    return part.fallback === undefined ? value : `(${value} ?? ${quote(part.fallback)})`;
  });
  return (typeof parts[0] === 'string' ? texts : ['""', ...texts]).join(' + ');
}
