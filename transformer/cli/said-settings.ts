// Lists the settings written for one function, each with the place it comes from.
import type { OptionValue } from '../1-scan/marker.ts';
import type { CachePlan, PlannedSettings } from '../3-plan/cache-plan.ts';
import { textOf } from '../3-plan/setting-values.ts';
import { formatDuration } from '../4-check/format-duration.ts';

export interface SaidSetting {
  /** In kebab-case, as in a comment. */
  readonly name: string;
  /** `5m`, `slow`, `on`, `off`. */
  readonly value: string;
  /** `marker`, `profile reports`, `tsconfig`. */
  readonly reason: string;
}

/** Settings from tsconfig, build profile and marker, then the rules of the marker as written. */
export function saidSettings(plan: CachePlan): readonly SaidSetting[] {
  const options = plan.marker.directive.options;
  const isWritten = (name: string): boolean => options.some((option) => option.name === name);
  const reasonOf = (name: string): string => {
    if (isWritten(name)) return 'marker';
    return name === 'namespace' || plan.buildProfile === undefined
      ? 'tsconfig'
      : `profile ${plan.buildProfile}`;
  };
  const settings = Object.entries(plan.settings)
    .filter(([name]) => name !== 'tags')
    .map(([field, value]) => {
      const name = optionOf(field);
      return {
        name,
        value: show(field, value as PlannedSettings[keyof PlannedSettings]),
        reason: reasonOf(name),
      }; // of its own entries
    });
  const rules = options
    .filter(({ name }) => ['tags', 'when', 'unless', 'tenant'].includes(name))
    .map(({ name, value }) => ({ name, value: writtenText(value), reason: 'marker' }));
  const { failsBy } = plan;
  const implied =
    failsBy === undefined
      ? []
      : [{ name: 'unless', value: `result.${failsBy} == false`, reason: 'result type' }];
  return [...settings, ...rules, ...implied];
}

/** `staleIfErrorMs` → `stale-if-error`. */
function optionOf(field: string): string {
  return field.replace(/(?:Ms|Bytes)$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function writtenText(value: OptionValue): string {
  return value.kind === 'code' ? value.text : (textOf(value) ?? '');
}

function show(field: string, value: PlannedSettings[keyof PlannedSettings]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return String(value);
  if (field.endsWith('Ms') || field === 'cacheNull') return formatDuration(value);
  return field.endsWith('Bytes') ? formatBytes(value) : String(value);
}

const SIZES = [
  ['gb', 1024 ** 3],
  ['mb', 1024 ** 2],
  ['kb', 1024],
] as const;

function formatBytes(sizeBytes: number): string {
  const [unit, size] = SIZES.find(([, each]) => sizeBytes % each === 0) ?? [' bytes', 1];
  return `${sizeBytes / size}${unit}`;
}
