// Compares the manifest with that of the previous build: renamed ids, changed shapes, number of functions.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Manifest, ManifestSite } from './manifest.ts';
import type { ProgramFinding } from './program-rule.ts';

const MAX_CHANGES = 5;

/**
 * CK3004: a renamed id. CK3005: a changed shape. CK3008: the number of functions, reported in `config`, the tsconfig.
 * @param before the previous manifest; undefined: there is none.
 */
export function manifestChanges(
  before: Manifest | undefined,
  after: Manifest,
  plans: readonly CachePlan[],
  config: string,
): readonly ProgramFinding[] {
  const count = after.sites.length;
  const start: Range = { start: 0, end: 0 };
  const counted = (change: string): ProgramFinding => ({
    file: config,
    finding: { code: 'CK3008', range: start, args: { count, change } },
  });
  if (before === undefined) return [counted('')];
  const old = new Map(before.sites.map((site) => [site.id, site]));
  const now = new Map(after.sites.map((site) => [site.id, site]));
  const gone = before.sites.filter(({ id }) => !now.has(id));
  const added = after.sites.filter(({ id }) => !old.has(id));
  const moved = plans.flatMap((plan): readonly ProgramFinding[] => {
    const site = now.get(plan.id);
    if (site === undefined || old.has(plan.id)) return [];
    const at = gone.findIndex(({ shape, code }) => shape === site.shape && code === site.code);
    const [previous] = at === -1 ? [] : gone.splice(at, 1);
    if (previous === undefined) return [];
    const args = { before: previous.id, after: plan.id };
    return [{ file: plan.file, finding: { code: 'CK3004', range: plan.marker.target.nameRange, args } }];
  });
  const reshaped = plans.flatMap((plan): readonly ProgramFinding[] => {
    const previous = old.get(plan.id);
    const site = now.get(plan.id);
    if (previous === undefined || site === undefined || previous.shape === site.shape) return [];
    const args = { name: site.name, changes: describeChanges(previous, site) };
    return [{ file: plan.file, finding: { code: 'CK3005', range: plan.marker.target.nameRange, args } }];
  });
  const removed = before.sites.length - (count - added.length);
  const change = [added.length > 0 ? `+${added.length}` : '', removed > 0 ? `-${removed}` : '']
    .filter((part) => part !== '')
    .join(' ');
  return [...moved, ...reshaped, ...(change === '' ? [] : [counted(change)])];
}

/** `+.email, .age number→string`: at most five changes. */
function describeChanges(before: ManifestSite, after: ManifestSite): string {
  const { places: old } = before;
  const { places: now } = after;
  const changes = [
    ...Object.keys(now).flatMap((path) => (path in old ? [] : [`+${path}`])),
    ...Object.keys(old).flatMap((path) => (path in now ? [] : [`-${path}`])),
    ...Object.entries(now).flatMap(([path, type]) => {
      const was = old[path];
      return was === undefined || was === type ? [] : [`${path === '' ? 'result' : path} ${was}→${type}`];
    }),
  ];
  const keys = [before.key.parts.join(', '), after.key.parts.join(', ')] as const;
  if (keys[0] !== keys[1]) changes.push(`key ${keys[0]}→${keys[1]}`);
  if (changes.length === 0) return 'in what the key or a codec is made of';
  const rest = changes.length - MAX_CHANGES;
  return changes.slice(0, MAX_CHANGES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
