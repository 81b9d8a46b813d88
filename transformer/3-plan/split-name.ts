// Identifier → words: `getHTTPUser_id` → get, http, user, id.

/** Lower-case words of a camelCase, PascalCase, snake_case or kebab-case name; acronyms are one word, digits stay with their word. */
export function splitName(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** The first of some names (`user`, `privateKey`) whose words appear in a row among `words`; plurals and numbered words count. */
export function findWords(words: readonly string[], names: readonly string[]): string | undefined {
  return names.find((name) => {
    const wanted = splitName(name);
    return (
      wanted.length > 0 && words.some((_, start) => wanted.every((word, i) => isWord(words[start + i], word)))
    );
  });
}

function isWord(written: string | undefined, wanted: string): boolean {
  const word = written?.replace(/\p{N}+$/u, '');
  const plurals = [`${wanted}s`, `${wanted}es`, wanted.replace(/y$/, 'ies')];
  return word === wanted || (word !== undefined && plurals.includes(word));
}
