// Is it a function that answers by its result?
import type { TargetForm } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/** CK1102 generators, CK1115 accessors and constructors, CK1116 predicates, CK1207 `arguments`, CK3011 synchronous. */
export const functionIsCacheable: Rule = (plan) => {
  const { target } = plan.marker;
  const range = target.nameRange;
  const findings: Finding[] = [];
  if (target.generator) findings.push({ code: 'CK1102', range, args: {} });
  if (isMember(target.form)) findings.push({ code: 'CK1115', range, args: { what: target.form } });
  if (plan.signature.predicate) {
    findings.push({ code: 'CK1116', range: target.returnTypeRange ?? range, args: {} });
  }
  if (target.usesArguments) {
    const args = { what: target.bypass?.text ?? 'arguments' };
    findings.push({ code: 'CK1207', range: target.bypass?.range ?? range, args });
  }
  if (plan.sync && !isMember(target.form))
    findings.push({ code: 'CK3011', range, args: { name: plan.name } });
  return findings;
};

function isMember(form: TargetForm): boolean {
  return form === 'getter' || form === 'setter' || form === 'constructor';
}
