// Codes found only by looking at the whole program.

const PROGRAM_CODES: ReadonlySet<string> = new Set(['CK2009', 'CK2018', 'CK2019']);

/** True for a code that one file alone cannot produce, nor tell that a suppression of it is unused. */
export function isProgramCode(code: string): boolean {
  return PROGRAM_CODES.has(code);
}
