// Which options a marker may have.

/** Options that the compiler reads. `profile` is not among a marker's options: stage 1 puts it beside them. */
export const compilerOptions = [
  'ttl',
  'namespace',
  'name',
  'key',
  'ignore',
  'serializer',
  'version',
  'backend',
] as const;
export type OptionName = (typeof compilerOptions)[number];

/** Every option of a comment. */
const commentOptions: readonly string[] = ['profile', ...compilerOptions];

/** Every option of `cached()`, kebab-case; the last three are read by the runtime only. */
const callOptions: readonly string[] = [
  'profile',
  ...compilerOptions.filter((name) => name !== 'ignore'),
  'jitter',
  'compress',
  'max-size',
];

/** Options of one kind of marker, kebab-case. */
export function optionsOf(kind: 'comment' | 'call'): readonly string[] {
  return kind === 'call' ? callOptions : commentOptions;
}

/** As users write it: `max-size` in a comment, `maxSize` in code. */
export function displayName(name: string, kind: 'comment' | 'call'): string {
  return kind === 'call' ? name.replace(/-(\p{Ll})/gu, (_, letter: string) => letter.toUpperCase()) : name;
}
