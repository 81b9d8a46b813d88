// Plans the key of a call: all parameters (after defaults), unless `key=` or `ignore=` say otherwise, plus captured
// variables and fields of `this`.
import type { Target } from '../1-scan/marker.ts';
import { thisFieldNames } from '../1-scan/this-field-names.ts';
import type { ParamShape, SignatureShape } from '../2-shape/type-shape.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { KeyPartPlan, KeyPlan } from './cache-plan.ts';
import { chooseIndex } from './choose-index.ts';
import { paramShape, resolvePath, type PathAnswer } from './key-path.ts';
import type { ListItem, ListOption } from './parse-settings.ts';
import { planSelf, type SelfInput, thisLabel } from './plan-self.ts';

export interface KeyInput extends SelfInput {
  readonly key: ListOption | undefined;
  readonly ignore: ListOption | undefined;
  /** Text of the key function of `cached()`, which replaces the arguments in the key. Default: none. */
  readonly keyFunction?: string | undefined;
}

/** Parts that no parameter gives. The args of a call are its bound names, then the values of these. */
export function readAtCall({ parts }: KeyPlan): readonly KeyPartPlan[] {
  return parts.filter(({ source }) => source === 'capture' || source === 'this' || source === 'instance');
}

/**
 * The key, and problems with `key=` and `ignore=`. The args of a call are all bound names, then the captures in the
 * key.
 */
export function planKey(input: KeyInput): { readonly key: KeyPlan; readonly problems: readonly Finding[] } {
  const { signature } = input;
  const problems: Finding[] = [];
  const ignored = readIgnore(input, problems);
  const captures = signature.captures
    .filter((capture) => !ignored.has(capture.name))
    .map((capture) => partOf(capture, 'capture'));
  const chosen = input.key === undefined ? undefined : readKey(input, input.key, problems);
  const params =
    chosen ??
    signature.bound
      .filter((param) => !ignored.has(param.name) && param.injected === undefined)
      .map((param) => partOf(param, 'parameter'));
  if (chosen === undefined && input.keyFunction === undefined) problems.push(...sayInjected(input, ignored));
  const object = planSelf(input, ignored);
  problems.push(...object.problems);
  const parts = [...params, ...captures, ...object.parts];
  if (
    chosen === undefined &&
    input.ignore !== undefined &&
    signature.bound.length > 0 &&
    parts.length === 0
  ) {
    problems.push({
      code: 'CK1203',
      range: input.ignore.range,
      args: {},
      fixes: withoutIgnore(input.ignore),
    });
  }
  const key: KeyPlan = {
    parts,
    identity: chosen === undefined && params.length === signature.bound.length,
    ...chooseIndex(parts, signature.refs),
    ...(ignored.size > 0 && { ignored: [...ignored] }),
    reason: reasonOf(input, ignored, captures.length, object.parts),
  };
  return { key, problems };
}

/** CK3012 for each logger, database client or the like that is left out of the key. */
function sayInjected({ target, signature }: KeyInput, ignored: ReadonlySet<string>): readonly Finding[] {
  return signature.bound.flatMap(({ name, injected }): readonly Finding[] => {
    if (injected === undefined || ignored.has(name)) return [];
    const range = target.params.find((param) => param.names.includes(name))?.range ?? target.nameRange;
    return [{ code: 'CK3012', range, args: { name, type: injected } }];
  });
}

function partOf(param: ParamShape, source: 'parameter' | 'capture'): KeyPartPlan {
  return { text: param.name, label: param.name, shape: paramShape(param), source };
}

function readIgnore({ target, signature, key, ignore }: KeyInput, problems: Finding[]): ReadonlySet<string> {
  const ignored = new Set<string>();
  const captured = [...signature.captures.map((capture) => capture.name), ...objectNames(target)];
  const names = [...signature.bound.map((param) => param.name), ...captured];
  for (const item of ignore?.items ?? []) {
    const name = item.text.replace(/^\$/, '');
    if (!names.includes(name)) {
      problems.push(unknownPath(item, { suggestion: suggest(name, names) }, target, signature));
    } else if (key !== undefined && !captured.includes(name)) {
      const both = key.items.some((path) => path.text === `$${name}`) ? name : undefined;
      const range = ignore?.range ?? item.range;
      problems.push({ code: 'CK1202', range, args: { name: both }, fixes: withoutIgnore(ignore) });
    } else ignored.add(name);
  }
  return ignored;
}

/** Removes `ignore=` and the blank before it. The option exists in comments only. */
function withoutIgnore(ignore: ListOption | undefined): readonly Fix[] {
  if (ignore === undefined) return [];
  const { start, end } = ignore.range;
  return [{ title: "Remove 'ignore'", edits: [{ start: start - 1, end, text: '' }] }];
}

/** What `ignore=` may name of the object: `this`, or one of the fields that the function reads. */
function objectNames(target: Target): readonly string[] {
  if (target.thisReads.length === 0) return [];
  return ['this', ...thisFieldNames(target).map(thisLabel)];
}

function readKey(
  { target, signature }: KeyInput,
  key: ListOption,
  problems: Finding[],
): readonly KeyPartPlan[] {
  const parts = new Map<string, KeyPartPlan>();
  if (key.items.length === 1 && key.items[0]?.text === 'const') return [];
  for (const item of key.items) {
    const answer = resolvePath(item.text, signature.bound, signature.refs);
    if (answer.ok) {
      const { text, label, shape } = answer;
      parts.set(label, { text, label, shape, source: label === answer.root ? 'parameter' : 'path' });
    } else problems.push(unknownPath(item, answer, target, signature));
  }
  return [...parts.values()];
}

function unknownPath(
  { text, range }: ListItem,
  { suggestion, missing, malformed }: Omit<Extract<PathAnswer, { ok: false }>, 'ok'>,
  target: Target,
  signature: SignatureShape,
): Finding {
  const names = signature.bound.map((param) => param.name).join(', ');
  const args = { path: text, signature: `${target.name}(${names})`, suggestion, missing, malformed };
  // If the range of the item is not known, the edit would replace the whole list.
  const isExact = range.end - range.start === text.length;
  if (suggestion === undefined || !isExact) return { code: 'CK1011', range, args };
  const edits = [{ ...range, text: suggestion }];
  return { code: 'CK1011', range, args, fixes: [{ title: `Replace by '${suggestion}'`, edits }] };
}

function reasonOf(
  input: KeyInput,
  ignored: ReadonlySet<string>,
  captures: number,
  object: readonly KeyPartPlan[],
): string {
  const { key, signature, keyFunction } = input;
  if (keyFunction !== undefined) return `key function ${keyFunction}`;
  const skipped = [...ignored].join(', ');
  const params = signature.bound.length === 0 ? 'no parameters' : 'all parameters';
  const base = key === undefined ? params + (skipped === '' ? '' : ` except ${skipped}`) : 'key=';
  const more = [
    ...(captures === 0 ? [] : ['captured values']),
    ...(object.length === 0 ? [] : [input.self === undefined ? 'readonly fields of `this`' : 'self=']),
  ];
  return more.length === 0 ? base : `${base}, and ${more.join(' and ')}`;
}
