// Did-you-mean suggestions.

/** The known name nearest to `written`, if that is likely a typo or an abbreviation of it. Ignores case. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  const limit = Math.max(1, Math.floor(text.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const distance = editDistance(text, name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best ?? onlyBeginningWith(text, known);
}

/** `prod` → `production`, if no other name begins like that. */
function onlyBeginningWith(text: string, known: readonly string[]): string | undefined {
  if (text.length < 3) return undefined;
  const [only, other] = known.filter((name) => name.toLowerCase().startsWith(text));
  return other === undefined ? only : undefined;
}

/** Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replace = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(replace, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
