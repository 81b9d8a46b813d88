// Which options a marker may have, in the order in which the guide describes them.

/** Options that are plain data: allowed in a comment, in `cached()` and in a build profile. */
export const settingOptions = [
  'ttl',
  'swr',
  'stale-if-error',
  'soft-timeout',
  'refresh-ahead',
  'refresh-ttl-on-get',
  'jitter',
  'cache-null',
  'namespace',
  'version',
  'serializer',
  'compress',
  'max-size',
  'backend',
  'l1',
  'lock',
  'share',
  'integrity',
] as const;

/** Functions of `cached()` that only the runtime reads. */
const runtimeOptions = ['batch'] as const;

/** Options about one function, so not allowed in a build profile. `profile` is missing: stage 1 keeps it separately. */
const functionOptions = [
  'name',
  'key',
  'ignore',
  'tags',
  'when',
  'unless',
  'tenant',
  'interop',
  'self',
] as const;

export type SettingName = (typeof settingOptions)[number];
export type OptionName =
  | SettingName
  | (typeof functionOptions)[number]
  | (typeof runtimeOptions)[number]
  | 'profile';

const commentOptions: readonly OptionName[] = ['profile', ...settingOptions, ...functionOptions];
const callOptions: readonly OptionName[] = [
  ...commentOptions.filter((name) => name !== 'ignore'),
  ...runtimeOptions,
];

/** Options of one kind of marker, in kebab-case. */
export function optionsOf(kind: 'comment' | 'call'): readonly OptionName[] {
  return kind === 'call' ? callOptions : commentOptions;
}

/** The name as users write it: `max-size` in a comment, `maxSize` in code. */
export function displayName(name: string, kind: 'comment' | 'call'): string {
  return kind === 'call' ? name.replace(/-(\p{Ll})/gu, (_, letter: string) => letter.toUpperCase()) : name;
}
