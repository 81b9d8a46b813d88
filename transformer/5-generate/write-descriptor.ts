// CachePlan → text of the descriptor literal (runtime/contract/cache-descriptor.ts). Stable order, absent fields left out.
import type { CachePlan } from '../3-plan/cache-plan.ts';

/** Generated functions of one site, as source text; undefined: the field is absent. */
export interface SiteFunctions {
  readonly pick: string | undefined;
  readonly keys: string | undefined;
  readonly value: string | undefined;
}

/** One line of JavaScript: `{ v: 1, id: "…", … }`. */
export function writeDescriptor(plan: CachePlan, functions: SiteFunctions): string {
  const { target, kind } = plan.marker;
  // The wrapper that cached() returns is what users hold, and the runtime knows it; only marked functions need a thunk.
  const reach = kind === 'comment' ? target.reach : undefined;
  const fields: readonly (readonly [name: string, text: string | undefined])[] = [
    ['v', '1'],
    ['id', JSON.stringify(plan.id)],
    ['fn', reach === undefined ? undefined : `() => ${reach}`],
    ['profile', JSON.stringify(plan.profile.value)],
    ['inferred', plan.inferred ? 'true' : undefined],
    ['package', JSON.stringify(plan.packageName)],
    ['settings', writeSettings(plan)],
    ['sync', plan.sync ? 'true' : undefined],
    ['raw', plan.raw ? 'true' : undefined],
    ['shape', JSON.stringify(plan.shapeHash)],
    ['code', JSON.stringify(plan.codeHash)],
    ['serializer', JSON.stringify(plan.serializer.value)],
    ['index', JSON.stringify(plan.key.index)],
    ['pick', functions.pick],
    ['keys', functions.keys],
    ['value', functions.value],
  ];
  return object(fields);
}

function writeSettings(plan: CachePlan): string {
  const { ttlMs, namespace, version, serializer, backend } = plan.settings;
  const fields = Object.entries({ ttlMs, namespace, version, serializer, backend });
  return object(
    fields.map(([name, value]) => [name, value === undefined ? undefined : JSON.stringify(value)]),
  );
}

function object(fields: readonly (readonly [name: string, text: string | undefined])[]): string {
  const present = fields.filter(([, text]) => text !== undefined);
  return present.length === 0 ? '{}' : `{ ${present.map(([name, text]) => `${name}: ${text}`).join(', ')} }`;
}
