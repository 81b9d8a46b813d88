// Our entry in `compilerOptions.plugins` of a tsconfig.

/** Names under which an entry is ours: for the editor (`name`), for ts-patch (`transform`). */
const OWN = /^@cachekit\/transformer(\/ls)?$/;

/** As written; `{}` when there is none. */
export function ownEntryOf(plugins: unknown): object {
  return (Array.isArray(plugins) ? plugins.find(isOwnEntry) : undefined) ?? {};
}

function isOwnEntry(entry: unknown): entry is object {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, transform } = entry as { name?: unknown; transform?: unknown }; // checked below
  return [name, transform].some((text) => typeof text === 'string' && OWN.test(text));
}
