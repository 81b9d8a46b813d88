// Rule: a credential must not be in a key, where it is stored as long as the entry and may be guessed from its name.
import { placesOf } from '../2-shape/places-of.ts';
import { sensitiveTypeText } from '../3-plan/choose-profile.ts';
import { leavingOut } from '../3-plan/marker-fixes.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Rule } from './rule.ts';

/** CK1302 for `Secret<T>` in a value that enters the key, whatever the profile. */
export const secretsNotInKey: Rule = (plan) => {
  if (keyFunctionOf(plan.marker) !== undefined || isUnread(plan, 'key', 'ignore')) return [];
  const { target } = plan.marker;
  return plan.key.parts.flatMap((part) => {
    for (const { shape, path } of placesOf(part.shape, plan.signature.refs)) {
      if (shape.sensitive !== 'secret') continue;
      const root = part.label.split(/[.[]/)[0] ?? part.label;
      const range = target.params.find((param) => param.names.includes(root))?.range ?? target.nameRange;
      const args = { path: part.label + path, type: sensitiveTypeText(shape) };
      const fixes = plan.key.parts.length > 1 ? leavingOut(plan.marker, root) : [];
      return [{ code: 'CK1302' as const, range, args, fixes }];
    }
    return [];
  });
};
