// Rule: the name of the function and the types in its key should fit a cached function.
import { placesOf } from '../2-shape/places-of.ts';
import type { CachePlan, KeyPartPlan } from '../3-plan/cache-plan.ts';
import { withoutMarker } from '../3-plan/marker-fixes.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import { harmlessPhrases } from '../3-plan/sensitive-names.ts';
import { dropPhrases, findWords, splitName } from '../3-plan/split-name.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/** CK2005: sensitive words. CK2010: verbs of commands. CK2011: keys that hardly ever repeat. */
export const namesFit: Rule = (plan, { sensitiveNames = [] }) => [
  ...checkSensitive(plan, sensitiveNames),
  ...checkVerb(plan),
  ...checkCardinality(plan),
];

function nameOf({ name, marker }: CachePlan): string {
  return marker.target.qualifiedName?.split('.').at(-1) ?? name;
}

/** Only for a profile written by the user that stores results unencrypted in a second tier. */
function checkSensitive(plan: CachePlan, words: readonly string[]): readonly Finding[] {
  const { inferred, profile, marker } = plan;
  if (inferred || (profile.value !== 'minimal' && profile.value !== 'production')) return [];
  const name = nameOf(plan);
  const harmless = harmlessPhrases.filter((phrase) => !words.includes(phrase));
  const word = findWords(dropPhrases(splitName(name), harmless), words);
  if (word === undefined) return [];
  return [{ code: 'CK2005', range: marker.target.nameRange, args: { name, word, profile: profile.value } }];
}

/** First words that suggest a command. Only of asynchronous functions: a synchronous `createSlug` merely computes. */
const COMMANDS = new Set([
  'create',
  'insert',
  'update',
  'upsert',
  'delete',
  'remove',
  'destroy',
  'save',
  'send',
  'set',
  'put',
  'patch',
  'publish',
  'submit',
  'register',
  'cancel',
  'revoke',
  'charge',
  'refund',
  'pay',
  'enqueue',
]);

function checkVerb(plan: CachePlan): readonly Finding[] {
  const name = nameOf(plan);
  const [word = ''] = splitName(name);
  if (plan.sync || !COMMANDS.has(word)) return [];
  const { nameRange: range } = plan.marker.target;
  return [{ code: 'CK2010', range, args: { name, word }, fixes: withoutMarker(plan.marker) }];
}

function checkCardinality(plan: CachePlan): readonly Finding[] {
  if (keyFunctionOf(plan.marker) !== undefined || isUnread(plan, 'key', 'ignore')) return [];
  return plan.key.parts.flatMap((part): readonly Finding[] => {
    const root = part.label.split('.')[0] ?? part.label;
    const param = plan.marker.target.params.find(({ names }) => names.includes(root));
    const found = rareValue(part, plan, param?.pattern === true);
    if (found === undefined) return [];
    return [{ code: 'CK2011', range: param?.range ?? plan.marker.target.nameRange, args: found }];
  });
}

const COORDINATES = ['lat', 'lng', 'lon', 'latitude', 'longitude'];

/** What in a key part makes it hardly ever repeat; undefined: nothing. */
function rareValue({ label, shape }: KeyPartPlan, { signature }: CachePlan, isOfPattern: boolean) {
  // `others` of `{ id, ...others }` holds whatever else callers pass.
  if (isOfPattern && shape.kind === 'record') return { name: label, what: 'an object with any properties' };
  for (const place of placesOf(shape, signature.refs)) {
    if (place.role === 'inner') continue;
    const name = label + place.path;
    if (place.shape.kind === 'date') return { name, what: 'a Date' };
    const isNumber = place.shape.kind === 'primitive' && place.shape.name === 'number';
    const last = splitName(place.property === '' ? label : place.property).at(-1) ?? '';
    if (isNumber && (place.shape.brand === 'float64' || COORDINATES.includes(last)))
      return { name, what: 'a number with a fraction' };
  }
  return undefined;
}
