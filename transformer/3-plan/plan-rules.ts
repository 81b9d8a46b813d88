// Plans the rules evaluated at each call: `tags=`, `tenant=`, `when=` and `unless=` of a comment, with every path
// resolved.
import type { Range } from '../1-scan/marker.ts';
import { printShape } from '../2-shape/print-shape.ts';
import type { SignatureShape } from '../2-shape/type-shape.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { KeyPlan, RulesPlan, TemplatePlan } from './cache-plan.ts';
import { sensitiveTypeText } from './choose-profile.ts';
import { pathsOf, type Expression } from './expression.ts';
import { paramShape } from './key-path.ts';
import { isExact, type ListItem } from './list-option.ts';
import { parseExpression } from './parse-expression.ts';
import type { MarkerSettings } from './parse-settings.ts';
import { parseTemplate, pathText, type TemplatePath } from './parse-template.ts';
import { readAtCall } from './plan-key.ts';
import {
  resolveRulePath,
  textProperty,
  whyNotText,
  type RulePath,
  type RulePathAnswer,
  type RuleRoot,
} from './rule-path.ts';
import { isLabel } from './setting-values.ts';

export interface RulesInput {
  readonly name: string;
  readonly signature: SignatureShape;
  readonly key: KeyPlan;
  readonly settings: Pick<MarkerSettings, 'tags' | 'tenant' | 'when' | 'unless'>;
}

export interface PlannedRules {
  readonly rules: RulesPlan;
  /** Tags without a path, which are the same for every call. */
  readonly staticTags: readonly string[];
  readonly problems: readonly Finding[];
}

/** Rules with a problem are left out. */
export function planRules(input: RulesInput): PlannedRules {
  const { settings } = input;
  const problems: Finding[] = [];
  // `tenant` and `when` are evaluated before the function runs, `tags` and `unless` after it.
  const before = argRoots(input);
  const result: RuleRoot = { label: 'result', arg: 'result', shape: input.signature.result };
  const after = [...before.filter(({ label }) => label !== 'result'), result];
  const hasResultArg = before.some(({ label }) => label === 'result');
  const context = (option: string, roots: readonly RuleRoot[]): Context => {
    return { option, roots, input, problems, isResultClear: !hasResultArg || roots === before };
  };
  const tags = (settings.tags?.items ?? [])
    .map((item) => planTemplate(item, context('tags', after)))
    .filter((tag) => tag !== undefined);
  const isStatic = (tag: TemplatePlan): tag is readonly string[] =>
    tag.every((part) => typeof part === 'string');
  const { tenant: written } = settings;
  const tenant = written && planTenant(written, context('tenant', before));
  const when = settings.when && planCondition(settings.when, context('when', before));
  const unless = settings.unless && planCondition(settings.unless, context('unless', after));
  const dynamicTags = tags.filter((tag) => !isStatic(tag));
  return {
    rules: {
      ...(dynamicTags.length > 0 && { tags: dynamicTags }),
      ...(when !== undefined && { when }),
      ...(unless !== undefined && { unless }),
      ...(tenant !== undefined && { tenant }),
    },
    staticTags: [...new Set(tags.filter(isStatic).map((tag) => tag.join('')))],
    problems,
  };
}

/** The args of a call in order: bound names, then captures and what stands for the object. */
function argRoots({ signature, key }: RulesInput): readonly RuleRoot[] {
  const bound = signature.bound.map((param) => ({ label: param.name, shape: paramShape(param) }));
  return [...bound, ...readAtCall(key)].map(({ label, shape }, arg) => ({ label, shape, arg }));
}

interface Context {
  readonly option: string;
  readonly roots: readonly RuleRoot[];
  readonly input: RulesInput;
  readonly problems: Finding[];
  /** False when `result` could mean the result or an argument of that name. */
  readonly isResultClear: boolean;
}

function planTemplate(item: ListItem, context: Context): TemplatePlan | undefined {
  const { option, problems } = context;
  const parsed = parseTemplate(item.text);
  if (!parsed.ok) {
    const range = placeIn(item, parsed.range);
    const args = { problem: parsed.problem, template: item.text };
    problems.push({ code: 'CK1010', range, args });
    return undefined;
  }
  const { parts } = parsed;
  const braces = pathInBraces(item.text, context.roots);
  if (braces !== undefined) {
    const args = { problem: 'A path in braces', template: item.text };
    problems.push({ code: 'CK1010', range: placeIn(item, braces), args });
    return undefined;
  }
  // A tag must not be empty, unprintable or too long. Each path counts as one printable character here.
  const texts = parts.map((part) => (typeof part === 'string' ? part : '0')).join('');
  if (!isLabel(texts)) {
    const expected = 'printable text of at most 200 characters';
    const args = { option, expected, got: item.text, example: `${option}=report:$id` };
    problems.push({ code: 'CK1003', range: item.range, args });
    return undefined;
  }
  const planned = parts.map((part) => (typeof part === 'string' ? part : planPath(part, item, context)));
  return planned.every((part) => part !== undefined) ? planned : undefined;
}

/** `report:{id}`: other tools write paths like this, but here it would be constant text. */
function pathInBraces(text: string, roots: readonly RuleRoot[]): Range | undefined {
  const found = /(?:\$|#)?\{\s*([\w$]+)[^{}]*\}/.exec(text);
  if (found === null || !roots.some(({ label }) => label === found[1])) return undefined;
  return { start: found.index, end: found.index + found[0].length };
}

function planPath(
  path: TemplatePath,
  item: ListItem,
  context: Context,
): Exclude<TemplatePlan[number], string> | undefined {
  const { option, input, problems } = context;
  const { refs } = input.signature;
  const range = placeIn(item, path.range);
  const answer = resolveRulePath([path.root, ...path.steps], context.roots, refs);
  const text = pathText(path);
  if (path.root === 'result' && !context.isResultClear) problems.push(unclearResult(range, context));
  if (!answer.ok) {
    problems.push(unknownPath(text, range, answer, '$', context));
    return undefined;
  }
  const why = whyNotText(answer.shape, refs);
  if (option === 'tags' && answer.sensitive !== undefined) {
    const type = sensitiveTypeText({ ...answer.shape, sensitive: answer.sensitive });
    problems.push({ code: 'CK1302', range, args: { template: item.text, path: text, type } });
  }
  if (why !== undefined && !why.nullable) {
    const property = textProperty(answer.shape, refs);
    const suggestion = property === undefined ? undefined : `${text}.${property}`;
    const fixes =
      suggestion !== undefined && isExact(item)
        ? [{ title: `Replace by '${suggestion}'`, edits: [{ ...range, text: suggestion }] }]
        : [];
    problems.push({ code: 'CK1012', range, args: { path: text, type: why.what, suggestion }, fixes });
    return undefined;
  }
  if (why !== undefined && path.fallback === undefined) {
    const args = { path: text, type: printShape(answer.shape, refs) };
    const edits = [{ start: range.end, end: range.end, text: '??none' }];
    const fixes = isExact(item) ? [{ title: `Write '${text}??none'`, edits }] : [];
    problems.push({ code: 'CK1013', range, args, fixes });
    return undefined;
  }
  return { ...answer.path, ...(path.fallback !== undefined && { fallback: path.fallback }) };
}

/**
 * Allows one path at most: with two, different pairs of values could give the same tenant (`a/b` + `c`, `a` + `b/c`).
 */
function planTenant(item: ListItem, context: Context): TemplatePlan | undefined {
  const tenant = planTemplate(item, context);
  if (tenant === undefined || tenant.filter((part) => typeof part !== 'string').length <= 1) return tenant;
  const args = { problem: 'More than one path', template: item.text };
  context.problems.push({ code: 'CK1010', range: item.range, args });
  return undefined;
}

function planCondition(item: ListItem, context: Context): Expression<RulePath> | undefined {
  const { option, input, problems } = context;
  const parsed = parseExpression(item.text);
  if (!parsed.ok) {
    const { found, instead } = parsed;
    const range = placeIn(item, parsed.range);
    const edits = [{ ...range, text: instead ?? '' }];
    const fixes = instead !== undefined && isExact(item) ? [{ title: `Replace by '${instead}'`, edits }] : [];
    problems.push({ code: 'CK1019', range, args: { option, found, instead }, fixes });
    return undefined;
  }
  let isKnown = true;
  for (const { root, steps, range } of pathsOf(parsed.expression)) {
    const answer = resolveRulePath([root, ...steps], context.roots, input.signature.refs);
    const place = placeIn(item, range);
    if (root === 'result' && !context.isResultClear) problems.push(unclearResult(place, context));
    if (answer.ok) continue;
    isKnown = false;
    problems.push(unknownPath([root, ...steps].join('.'), place, answer, '', context));
  }
  return isKnown ? resolveAll(parsed.expression, context) : undefined;
}

/** Replaces each path of a condition by the argument and steps it means. All paths are known to resolve. */
function resolveAll(expression: Expression, context: Context): Expression<RulePath> {
  switch (expression.kind) {
    case 'path': {
      const { root, steps } = expression;
      const answer = resolveRulePath([root, ...steps], context.roots, context.input.signature.refs);
      if (!answer.ok) throw new Error(`${root} is not resolved`);
      return { kind: 'path', ...answer.path };
    }
    case 'not':
      return { kind: 'not', operand: resolveAll(expression.operand, context) };
    case 'binary': {
      const { operator, left, right } = expression;
      return {
        kind: 'binary',
        operator,
        left: resolveAll(left, context),
        right: resolveAll(right, context),
      };
    }
    default:
      return expression;
  }
}

function unclearResult(range: Range, { option }: Context): Finding {
  const args = { first: option, second: 'an argument named result', why: 'the name could mean either' };
  return { code: 'CK1005', range, args };
}

/** A range inside the option's text → its range in the file; the whole value when that is not known. */
function placeIn(item: ListItem, range: Range): Range {
  if (!isExact(item)) return item.range;
  return { start: item.range.start + range.start, end: item.range.start + range.end };
}

function unknownPath(
  path: string,
  range: Range,
  { suggestion: near, missing }: Extract<RulePathAnswer, { ok: false }>,
  sign: '$' | '',
  { input, option }: Context,
): Finding {
  const suggestion = near === undefined ? undefined : `${sign}${near}`;
  const isOfResult = option !== 'when' && option !== 'tenant' && path.replace('$', '').startsWith('result.');
  const names = input.signature.bound.map((param) => param.name).join(', ');
  const args = isOfResult
    ? { path, signature: 'the result', noun: 'property', suggestion, missing }
    : { path, signature: `${input.name}(${names})`, suggestion, missing };
  // The range may cover more than the path; then it must not be replaced.
  if (suggestion === undefined || range.end - range.start !== path.length)
    return { code: 'CK1011', range, args };
  const edits = [{ ...range, text: suggestion }];
  return { code: 'CK1011', range, args, fixes: [{ title: `Replace by '${suggestion}'`, edits }] };
}
