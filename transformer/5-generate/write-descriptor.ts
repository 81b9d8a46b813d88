// CachePlan → the descriptor as an object literal (runtime/contract/cache-descriptor.ts). Fields have a fixed order;
// those that do not apply are left out.
import type { DescriptorSettings } from '../../runtime/contract/settings.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { literalText, quote } from './literal.ts';

/** Source text of the generated functions of one site; undefined: the descriptor has no such field. */
export interface SiteFunctions {
  readonly pick: string | undefined;
  readonly keys: string | undefined;
  readonly value: string | undefined;
  readonly rules: string | undefined;
  /** Only with `interop`. */
  readonly floats: string | undefined;
}

/** One line of JavaScript: `{ v: 1, id: "…", … }`. */
export function writeDescriptor(plan: CachePlan, functions: SiteFunctions): string {
  const { target, kind } = plan.marker;
  // `fn` lets `cacheOf(fn)` find the site of a marked function. For cached() the runtime made the function itself.
  const reach = kind === 'comment' ? target.reach : undefined;
  const fields: readonly (readonly [name: string, text: string | undefined])[] = [
    ['v', '1'],
    ['id', JSON.stringify(plan.id)],
    ['fn', reach === undefined ? undefined : `() => ${reach}`],
    ['profile', JSON.stringify(plan.profile.value)],
    ['inferred', plan.inferred ? 'true' : undefined],
    ['package', JSON.stringify(plan.packageName)],
    ['settings', writeSettings(plan)],
    ['library', plan.library ? 'true' : undefined],
    ['sync', plan.sync ? 'true' : undefined],
    ['raw', plan.raw ? 'true' : undefined],
    ['shape', JSON.stringify(plan.shapeHash)],
    ['code', JSON.stringify(plan.codeHash)],
    ['serializer', JSON.stringify(plan.serializer.value)],
    ['index', JSON.stringify(plan.key.index)],
    ['pick', functions.pick],
    ['keys', functions.keys],
    ['rules', functions.rules],
    ['floats', functions.floats],
    ['value', functions.value],
  ];
  return object(fields);
}

/** All settings of the contract, in the order in which they are written. */
const SETTINGS: Readonly<Record<keyof DescriptorSettings, true>> = {
  ttlMs: true,
  swrMs: true,
  staleIfErrorMs: true,
  softTimeoutMs: true,
  refreshAhead: true,
  refreshTtlOnGet: true,
  jitter: true,
  cacheNull: true,
  namespace: true,
  version: true,
  serializer: true,
  compress: true,
  maxSizeBytes: true,
  backend: true,
  l1: true,
  lock: true,
  share: true,
  integrity: true,
  tags: true,
  interop: true,
  self: true,
};

function writeSettings({ settings }: CachePlan): string {
  const names = Object.keys(SETTINGS) as (keyof DescriptorSettings)[]; // its own keys
  return object(names.map((name) => [name, writeSetting(settings[name])]));
}

function writeSetting(value: DescriptorSettings[keyof DescriptorSettings]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object') return `[${value.map(quote).join(', ')}]`;
  return literalText(value);
}

function object(fields: readonly (readonly [name: string, text: string | undefined])[]): string {
  const present = fields.filter(([, text]) => text !== undefined);
  return present.length === 0 ? '{}' : `{ ${present.map(([name, text]) => `${name}: ${text}`).join(', ')} }`;
}
