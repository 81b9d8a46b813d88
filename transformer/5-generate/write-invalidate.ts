// A writer's plan → the words around its body. The body stays where it is, inside an arrow; `async` stays as well.
//
//   export async function save(id: number): Promise<void> { const save$body = async (id) => { BODY };
//     return $ck.invalidateAfter(save$body, [id], [[() => [getReport], () => [id]]]); }
//
// A target is `[who, before?, after?]`: `who` gives the function and its object, 0 for a tag; `before` runs before the
// body and gives the arguments (none: all calls); `after` gets those and the result, and gives the arguments instead.
import type { InvalidationArg, ValuePath } from '../1-scan/writer.ts';
import type { PlannedInvalidation, PlannedTagPath, WriterPlan } from '../3-plan/plan-invalidate.ts';
import { literalText, quote } from './literal.ts';
import type { SiteText } from './texts.ts';

/** `free` gives a name that the file does not have. */
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

/** Names that the surroundings of the function declare. */
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

/** `a` and `r` are the parameters of `after`, where no name of the user's is read. */
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
