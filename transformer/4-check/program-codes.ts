// Codes that only a look at the whole program finds: one file alone cannot say that a suppression of them is unused.

const PROGRAM_CODES: ReadonlySet<string> = new Set(['CK2009', 'CK2018', 'CK2019']);

export function isProgramCode(code: string): boolean {
  return PROGRAM_CODES.has(code);
}
