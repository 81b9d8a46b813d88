// Plans → the texts that go into one file. Each is one line without types, and uses only names that the file does not
// have.
//
//   export function getUser(id: number): Promise<User> { const $h = ($ck0 ??= $ck0_()).hit(id); if ($h !== undefined)
//     return $h; const getUser$body = async (id) => { BODY }; return $ck0.run([id], getUser$body); }
//
// `hit` returns the cached value, or undefined for "not on the fast path"; `run` is always right. The body gets the
// bound names as parameters instead of capturing them, so that a second run sees what the caller passed and not what
// the first run assigned to its parameters.
import type { PrivateHandle } from '../1-scan/private-handle.ts';
import type { CachePlan, KeyPartPlan } from '../3-plan/cache-plan.ts';
import { readAtCall } from '../3-plan/plan-key.ts';
import type { ClassModules } from './class-modules.ts';
import type { CallText, FileTexts, FnText, HandleText, SiteText } from './texts.ts';
import { writeDescriptor, type SiteFunctions } from './write-descriptor.ts';

/** The only module of ours that emitted code imports. */
const EMIT_MODULE = 'cachekit/emit/v1';

export interface GeneratedSite {
  readonly plan: CachePlan;
  readonly functions: SiteFunctions;
}

/** What the texts need to know of the user's file (see SyntaxReader). */
export interface FileNames {
  headAt(): number;
  hasIdentifier(name: string): boolean;
}

/**
 * The texts of one site.
 * @param index number of the site in the file, part of its names.
 * @param handles calls of `cacheOf` with this function, if it is #private.
 */
export function writeSite(
  { plan, functions }: GeneratedSite,
  index: number,
  file: FileNames,
  handles: readonly PrivateHandle[] = [],
): SiteText {
  const free = freeNames(file);
  const slot = free(`$ck${index}`);
  const thunk = free(`$ck${index}_`);
  const descriptor = writeDescriptor(plan, functions);
  if (plan.marker.kind === 'call') {
    const tail = `function ${thunk}() { return ${descriptor}; }`;
    return { fn: undefined, call: writeCall(plan, thunk, undefinedIn(file)), slot: undefined, tail };
  }
  const body = free(`${plan.marker.target.name}$body`);
  return {
    fn: writeFunction(plan, {
      slot,
      thunk,
      hit: free('$h'),
      body,
      runtime: free('$ck'),
      nothing: undefinedIn(file),
    }),
    call: undefined,
    // Initialised in the head, so that `cacheOf` knows the function while the module is still being evaluated.
    slot: `${slot} = /*#__PURE__*/ ${thunk}()`,
    tail: `function ${thunk}() { return ${free('$ck')}.site(${descriptor}); }`,
    ...(handles.length > 0 && {
      handles: handles.map((one) => writeHandle(one, `(${slot} ??= ${thunk}())`, free)),
    }),
  };
}

/** Undefined when there is nothing to insert. */
export function joinTexts(
  sites: readonly SiteText[],
  file: FileNames,
  modules?: ClassModules,
): FileTexts | undefined {
  if (sites.length === 0) return undefined;
  const runtime = freeNames(file)('$ck');
  const slots = sites.flatMap(({ slot }) => slot ?? []);
  const made = slots.length > 0 ? `var ${slots.join(', ')}; ` : '';
  // Calls of cached() use the runtime through the user's own import.
  const needsRuntime = sites.some(({ fn }) => fn !== undefined);
  const handles = sites.flatMap((site) => site.handles ?? []);
  return {
    headAt: file.headAt(),
    head: needsRuntime ? `import * as ${runtime} from "${EMIT_MODULE}"; ${made}` : '',
    headCjs: needsRuntime ? `const ${runtime} = require("${EMIT_MODULE}"); ${made}` : '',
    fns: sites.flatMap(({ fn }) => fn ?? []),
    calls: sites.flatMap(({ call }) => call ?? []),
    ...(handles.length > 0 && { handles }),
    tail: sites.flatMap(({ tail }) => (tail === '' ? [] : tail)).join('\n'),
    ...modules?.texts(),
  };
}

/** Turns a name into one that the file does not use, by adding `$`. */
export function freeNames(file: FileNames): (name: string) => string {
  const free = (name: string): string => (file.hasIdentifier(name) ? free(`${name}$`) : name);
  return free;
}

/** An expression for undefined: the name may be shadowed if the file uses it. */
function undefinedIn(file: FileNames): string {
  return file.hasIdentifier('undefined') ? 'void 0' : 'undefined';
}

interface SiteNames {
  readonly slot: string;
  readonly thunk: string;
  /** What the runtime is imported as. */
  readonly runtime: string;
  /** Holds the answer of `hit`. */
  readonly hit: string;
  readonly body: string;
  /** An expression for undefined. */
  readonly nothing: string;
}

function writeFunction(plan: CachePlan, names: SiteNames): FnText {
  const { target } = plan.marker;
  const body = target.body;
  if (body === undefined) throw new Error(`${plan.name} has no body`);
  const bound = target.params.flatMap((param) => param.names);
  const captured = readAtCall(plan.key).map((part) => textOf(part, names.runtime));
  const keyed = plan.key.parts.map((part) => textOf(part, names.runtime));
  const { bucket } = plan.key;
  const at = plan.key.parts.find((part) => part.text === bucket);
  const lookup =
    plan.key.index === 'n'
      ? [at === undefined ? (bucket ?? names.nothing) : textOf(at, names.runtime), ...keyed]
      : keyed;
  const { slot, thunk, hit } = names;
  const open = body.block ? (body.hasDirectives ? '; ' : ' ') : '{ ';
  const asyncWord = target.async ? 'async ' : '';
  const prefix =
    `const ${hit} = (${slot} ??= ${thunk}()).hit(${lookup.join(', ')}); if (${hit} !== ${names.nothing}) return ${hit}; ` +
    `const ${names.body} = ${asyncWord}(${bound.join(', ')}) => ${body.block ? '{' : '('}`;
  const suffix =
    `${body.block ? '}' : ')'}; ` +
    `return ${slot}.${plan.sync ? 'runSync' : 'run'}([${[...bound, ...captured].join(', ')}], ${names.body}); `;
  // See CachePlan.raw.
  const async = plan.raw ? undefined : target.asyncRange;
  return {
    fnPos: target.node.start,
    fnEnd: target.node.end,
    asyncStart: async?.start ?? -1,
    asyncEnd: async?.end ?? -1,
    asyncBy: async === undefined ? '' : target.asyncBy,
    block: body.block,
    open: body.open,
    close: body.close,
    prefix: `${open}${prefix}`,
    suffix: `${suffix}${body.block ? '' : '}'}`,
  };
}

/** `cacheOf(x.#m)` → `cacheOf(own(site, x, (o) => o.#m))`, which tells the runtime the site and the object. */
function writeHandle(handle: PrivateHandle, site: string, free: (name: string) => string): HandleText {
  const object = free('$o');
  return {
    ...handle.range,
    objectEnd: handle.objectEnd,
    prefix: `${free('$ck')}.own(${site}, `,
    middle: `, (${object}) => ${object}`,
    suffix: ')',
  };
}

/** `cached(fn, options?)` gets the thunk of the descriptor as third argument, and captured values as fourth. */
function writeCall(plan: CachePlan, thunk: string, nothing: string): CallText {
  const call = plan.marker.call;
  if (call === undefined) throw new Error(`${plan.name} has no call`);
  const missing = call.argCount < 2 ? [nothing] : [];
  const captured = readAtCall(plan.key).map((part) => part.text);
  const last = captured.length === 0 ? [] : [`[${captured.join(', ')}]`];
  const text = [...missing, thunk, ...last].join(', ');
  return {
    at: call.argsEnd,
    callPos: plan.marker.range.start,
    callEnd: call.argsEnd + 1,
    text: call.trailingComma ? ` ${text}` : `, ${text}`,
  };
}

function textOf(part: KeyPartPlan, runtime: string): string {
  return part.source === 'instance' ? `${runtime}.${part.text}` : part.text;
}
