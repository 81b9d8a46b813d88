// RulesPlan → source of the functions for tags, conditions and tenant of a marker. Their parameters are the result `r`
// and the args `a0`…; `t` turns a value into text.
import type { RulesPlan, TemplatePlan } from '../3-plan/cache-plan.ts';
import type { Expression } from '../3-plan/expression.ts';
import type { RulePath } from '../3-plan/rule-path.ts';
import { literalText, member, quote } from './literal.ts';

/** Throws for objects, which would all become the same text. The runtime then stores nothing. */
const TO_TEXT =
  'const t = (v) => { if (typeof v === "string") return v; ' +
  'if (typeof v === "number" || typeof v === "bigint" || typeof v === "boolean") return `${v}`; throw 0; };';

/**
 * `{ tags: (r, a0) => …, when: (a0) => … }`; undefined when there are no rules. `argCount`: number of args of a call.
 */
export function writeRules(rules: RulesPlan, argCount: number): string | undefined {
  const args = Array.from({ length: argCount }, (_, index) => `a${index}`);
  const before = `(${args.join(', ')}) =>`;
  const after = `(${['r', ...args].join(', ')}) =>`;
  const { tags, when, unless, tenant } = rules;
  const fields = [
    tags && `tags: ${after} { ${TO_TEXT} return [${tags.map(writeTemplate).join(', ')}]; }`,
    when && `when: ${before} !!${writeExpression(when)}`,
    unless && `unless: ${after} !!${writeExpression(unless)}`,
    tenant && `tenant: ${before} ${writeTenant(tenant)}`,
  ].filter((field) => field !== undefined);
  return fields.length === 0 ? undefined : `{ ${fields.join(', ')} }`;
}

function writeTenant(tenant: TemplatePlan): string {
  const isFixed = tenant.every((part) => typeof part === 'string');
  return isFixed ? quote(tenant.join('')) : `{ ${TO_TEXT} return ${writeTemplate(tenant)}; }`;
}

function writeTemplate(template: TemplatePlan): string {
  const parts = template.map((part) => {
    if (typeof part === 'string') return quote(part);
    const path = writePath(part);
    return part.fallback === undefined ? `t(${path})` : `t(${path} ?? ${quote(part.fallback)})`;
  });
  return parts.join(' + ');
}

/** Every step is `?.`, so that a value of another type than declared gives undefined. */
function writePath({ arg, steps }: RulePath): string {
  const root = arg === 'result' ? 'r' : `a${arg}`;
  return root + steps.map((step) => `?.${member(step).replace(/^\./, '')}`).join('');
}

/** Binary expressions are put in parentheses, so that precedence does not matter. */
function writeExpression(expression: Expression<RulePath>): string {
  switch (expression.kind) {
    case 'path':
      return writePath(expression);
    case 'literal':
      return expression.value === null ? 'null' : literalText(expression.value);
    case 'undefined':
      return 'void 0';
    case 'not':
      return `!${writeExpression(expression.operand)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const strict = operator === '==' || operator === '!=' ? `${operator}=` : operator;
      return `(${writeExpression(left)} ${strict} ${writeExpression(right)})`;
    }
  }
}
