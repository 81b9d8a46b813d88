// Identifier → words: `getHTTPUser_id` → get, http, user, id.

/**
 * Lower-case words of a camelCase, PascalCase, snake_case or kebab-case name. An acronym is one word; digits stay with
 * theirs.
 */
export function splitName(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/**
 * The first of `names` (`user`, `privateKey`) whose words appear in a row in `words`, also as plurals or with numbers.
 */
export function findWords(words: readonly string[], names: readonly string[]): string | undefined {
  const bare = words.map(withoutNumber);
  const at = formsOf(names).findIndex((wanted) => startOf(bare, wanted) !== -1);
  return names[at];
}

/** Removes from `words` every phrase (`userAgent`) whose words appear in a row. */
export function dropPhrases(words: readonly string[], phrases: readonly string[]): readonly string[] {
  const left = words.map(withoutNumber);
  for (const wanted of formsOf(phrases))
    for (let start = startOf(left, wanted); start !== -1; start = startOf(left, wanted))
      left.splice(start, wanted.length);
  return left;
}

/** One name to look for: for each of its words, the forms that match. */
type Wanted = readonly (readonly string[])[];

/** Cached per list: lists are few, and every property name of every type is looked up in them. */
const known = new WeakMap<readonly string[], readonly Wanted[]>();

function formsOf(names: readonly string[]): readonly Wanted[] {
  const forms =
    known.get(names) ??
    names.map((name) =>
      splitName(name).map((word) => [word, `${word}s`, `${word}es`, word.replace(/y$/, 'ies')]),
    );
  known.set(names, forms);
  return forms;
}

function withoutNumber(word: string): string {
  return word.replace(/\p{N}+$/u, '');
}

/** Index in `words` where the words of `wanted` appear in a row, or -1. */
function startOf(words: readonly string[], wanted: Wanted): number {
  if (wanted.length === 0) return -1;
  return words.findIndex((_, start) => wanted.every((forms, i) => forms.includes(words[start + i] ?? '')));
}
