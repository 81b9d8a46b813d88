// Source text as messages quote it.

const MAX_CHARS = 40;

/** The text on one line, cut after 40 characters. */
export function shortText(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line;
}
