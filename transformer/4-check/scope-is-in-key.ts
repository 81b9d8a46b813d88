// Rule: what the body reads from `this` and from enclosing functions must be in the key if it can differ between calls.
import { fieldsOfRead } from '../1-scan/this-field-names.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { leavingOut, withOption } from '../3-plan/marker-fixes.ts';
import { needsTier } from '../3-plan/option-conflicts.ts';
import { thisLabel } from '../3-plan/plan-self.ts';
import { selfOf } from '../3-plan/read-self.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable, type UnkeyablePlace } from './unkeyable.ts';

/**
 * CK1204: reads of `this`. CK3003: fields of `this` that were added to the key. CK1205, CK1206: captures that cannot be
 * in the key. CK3002: captures that were added to it.
 */
export const scopeIsInKey: Rule = (plan) => [...checkThis(plan), ...checkCaptures(plan)];

// Static methods are treated like all others: their `this` is the class the call was made on, so with subclasses
// `User.find(1)` and `Post.find(1)` would share an entry.
function checkThis(plan: CachePlan): readonly Finding[] {
  if (isUnread(plan, 'self', 'ignore')) return [];
  const { key, marker, signature } = plan;
  const parts = key.parts.filter((part) => part.source === 'this');
  const bad = new Map<string, UnkeyablePlace>();
  for (const part of parts) {
    const place = findUnkeyable(part.shape, signature.refs);
    if (place !== undefined) bad.set(part.label, place);
  }
  const self = selfOf(marker);
  if (self !== undefined) {
    // The user decided what stands for the object. Whether the path of `self=` exists is checked by stage 3.
    return [...bad].map(([label, { path, what }]): Finding => {
      return { code: 'CK1201', range: self.range, args: { name: label + path, what, root: 'this' } };
    });
  }
  if (key.ignored?.includes('this') === true || isPerObject(plan)) return [];
  const findings = checkReads(plan, bad);
  if (parts.length === bad.size) return findings;
  const names = parts.filter((part) => !bad.has(part.label)).map((part) => part.label);
  return [...findings, { code: 'CK3003', range: marker.target.nameRange, args: { names: names.join(', ') } }];
}

/**
 * True for `self: 'instance'` of `cached()`, except for arrows, whose `this` is not the object the wrapper is called
 * on.
 */
function isPerObject({ marker, settings }: CachePlan): boolean {
  const { form } = marker.target;
  return marker.kind === 'call' && settings.self === 'instance' && form !== 'arrow' && form !== 'field-arrow';
}

function checkReads(plan: CachePlan, bad: ReadonlyMap<string, UnkeyablePlace>): readonly Finding[] {
  const { name, marker, signature, key } = plan;
  const { thisReads, thisCalls = [] } = marker.target;
  const settled = new Set([
    ...key.parts.map((part) => part.label).filter((label) => !bad.has(label)),
    ...(key.ignored ?? []),
  ]);
  const seen = new Set<string>();
  const reads = thisReads.flatMap((one): readonly Finding[] => {
    const { name: property, range, call } = one;
    const read = call?.text ?? nameOf(property);
    if (seen.has(read) || fieldsOfRead(one)?.every((field) => settled.has(thisLabel(field))) === true)
      return [];
    seen.add(read);
    const why = call === undefined ? undefined : whyOf(call.reads);
    const note = bad.get(read)?.what;
    const fixes = [...(note === undefined ? [] : leavingOut(marker, read)), ...perObject(plan)];
    return [{ code: 'CK1204', range, args: { name, read, why, note }, fixes }];
  });
  const replaced = thisCalls.flatMap(({ name: method, range }): readonly Finding[] => {
    const override = signature.overridden?.find((one) => one.name === method);
    if (override === undefined || seen.has(method)) return [];
    seen.add(method);
    const why = `which class ${override.by} replaces`;
    return [
      {
        code: 'CK1204',
        range,
        args: { name, read: `this.${method}()`, why, isReplaced: true },
        fixes: perObject(plan),
      },
    ];
  });
  return [...reads, ...replaced];
}

/** The fix `self=instance`. It keeps entries in memory, so there is none if an option asks for another tier. */
function perObject({ marker }: CachePlan): readonly Fix[] {
  const { kind, directive, target } = marker;
  const isMember = target.form === 'method' || target.form === 'field-arrow';
  if (kind === 'call' || !isMember || directive.options.some(({ name }) => needsTier(name))) return [];
  return withOption(marker, 'self=instance', 'Keep entries per object, in memory');
}

function whyOf(reads: string | undefined): string {
  return reads === undefined ? 'whose code is not in this file' : `which reads ${reads}`;
}

function nameOf(property: string | undefined): string {
  if (property === undefined) return '`this`';
  return property === 'super' ? '`super`' : thisLabel(property);
}

function checkCaptures(plan: CachePlan): readonly Finding[] {
  if (isUnread(plan, 'ignore')) return [];
  const { target } = plan.marker;
  const findings: Finding[] = [];
  const joined: string[] = [];
  for (const part of plan.key.parts) {
    if (part.source !== 'capture') continue;
    const capture = target.captures.find((candidate) => candidate.name === part.label);
    const range = capture?.range ?? target.nameRange;
    const unkeyable = findUnkeyable(part.shape, plan.signature.refs);
    if (capture?.reassigned === true) findings.push({ code: 'CK1206', range, args: { name: part.label } });
    else if (unkeyable === undefined) joined.push(part.label);
    else
      findings.push({
        code: 'CK1205',
        range,
        args: { name: part.label + unkeyable.path, what: unkeyable.what, root: part.label },
        fixes: leavingOut(plan.marker, part.label),
      });
  }
  if (joined.length > 0) {
    findings.push({ code: 'CK3002', range: target.nameRange, args: { names: joined.join(', ') } });
  }
  return findings;
}
