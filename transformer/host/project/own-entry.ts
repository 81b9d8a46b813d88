// Finds our entry in `compilerOptions.plugins` of a tsconfig: the place of the build options.

/** The editor finds the entry by `name`, ts-patch by `transform`. */
const OWN = /^@cachekit\/transformer(\/ls)?$/;

/** The first entry of ours, unchecked; `{}` when there is none. */
export function ownEntryOf(plugins: unknown): object {
  return (Array.isArray(plugins) ? plugins.find(isOwnEntry) : undefined) ?? {};
}

function isOwnEntry(entry: unknown): entry is object {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, transform } = entry as { name?: unknown; transform?: unknown }; // checked below
  return [name, transform].some((text) => typeof text === 'string' && OWN.test(text));
}
