// Rule: `key=` should not leave out a parameter that the body reads.
import type { ParamShape } from '../2-shape/type-shape.ts';
import { withItem } from '../3-plan/marker-fixes.ts';
import { findWords, splitName } from '../3-plan/split-name.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable } from './unkeyable.ts';

/**
 * CK2004. A parameter without a key form (a logger, a client, a signal) is a tool and may be left out, unless its name
 * or type says who is asking. Parameters named by `ignore=` and functions with a key function are not checked.
 */
export const paramsAreInKey: Rule = (plan) => {
  const { marker, signature, key } = plan;
  if (isUnread(plan, 'key', 'ignore', 'tenant')) return [];
  if (marker.kind === 'call' || !marker.directive.options.some(({ name }) => name === 'key')) return [];
  const inKey = new Set(key.parts.map((part) => rootOf(part.label)));
  const tenant = marker.directive.options.find(({ name }) => name === 'tenant');
  const named = tenant?.value.kind === 'text' ? tenant.value.text : '';
  // `ignore=` beside `key=` is an error of its own (CK1202), so nothing more is said about its parameters.
  const ignore = marker.directive.options.find(({ name }) => name === 'ignore');
  const isIgnored = (name: string): boolean =>
    ignore?.value.kind === 'text' &&
    ignore.value.text.split(',').some((item) => item.trim().replace(/^\$/, '') === name);
  return signature.bound.flatMap((param): readonly Finding[] => {
    const read = signature.effects?.find(({ kind, text }) => kind === 'param' && text === param.name);
    if (read === undefined || inKey.has(param.name) || isNamed(named, param.name) || isIgnored(param.name))
      return [];
    const isIdentity = param.injected === undefined && saysWho(param);
    const isTool = param.injected !== undefined || findUnkeyable(param.shape, signature.refs) !== undefined;
    if (isTool && !isIdentity) return [];
    const fixes = isTool ? [] : withItem(marker, 'key', `$${param.name}`, `Add $${param.name} to the key`);
    return [{ code: 'CK2004', range: read.range, args: { name: param.name, isIdentity }, fixes }];
  });
};

function rootOf(label: string): string {
  return label.split('.')[0] ?? label;
}

/** True when the template contains `$name`. */
function isNamed(template: string, name: string): boolean {
  return template
    .split('$')
    .some((piece, index) => index > 0 && (piece.match(/^[\p{ID_Continue}$]+/u)?.[0] ?? '') === name);
}

const IDENTITY = ['session', 'user', 'request', 'req', 'tenant', 'auth', 'principal', 'account'];

/** True when the name or type of the parameter suggests that it identifies the caller. */
function saysWho({ name, shape }: ParamShape): boolean {
  const type =
    shape.kind === 'object' ? shape.name : shape.kind === 'unsupported' ? shape.typeText : undefined;
  return [name, type ?? ''].some((one) => findWords(splitName(one), IDENTITY) !== undefined);
}
