// Counts with nouns, for messages.

/** "1 error", "2 errors". */
export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
