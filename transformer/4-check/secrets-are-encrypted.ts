// Rule: personal data and credentials must be encrypted. Also reports the profile that was chosen for the user.
import type { Marker } from '../1-scan/marker.ts';
import { placesOf } from '../2-shape/places-of.ts';
import { sensitiveTypeText } from '../3-plan/choose-profile.ts';
import { withProfile } from '../3-plan/marker-fixes.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { resultRange, type Rule } from './rule.ts';

/** CK1301: a sensitive type in the result, but the profile the user wrote is not secure. CK3001: the chosen profile. */
export const secretsAreEncrypted: Rule = (plan) => {
  const { profile, inferred, signature, marker } = plan;
  const findings: Finding[] = [];
  if (inferred && profile.value !== 'default' && !isUnread(plan, 'profile')) {
    const args = { profile: profile.value, reason: profile.reason };
    findings.push({ code: 'CK3001', range: marker.range, args });
  }
  if (inferred || profile.value === 'secure') return findings;
  const range = resultRange(plan);
  for (const { shape, path } of placesOf(signature.result, signature.refs)) {
    if (shape.sensitive === undefined) continue;
    const args = { type: sensitiveTypeText(shape), path, profile: profile.value };
    findings.push({ code: 'CK1301', range, args, fixes: encrypted(marker) });
  }
  return findings;
};

/** The fix `secure`; none if the marker has an option that secure refuses. */
function encrypted(marker: Marker): readonly Fix[] {
  const { options } = marker.directive;
  const isRefused = options.some(({ name }) => ['share', 'integrity', 'interop'].includes(name));
  return isRefused ? [] : withProfile(marker, 'secure', 'Store it encrypted: profile secure');
}
