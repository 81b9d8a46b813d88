// The catalogue of diagnostics. Codes are never reused or renumbered; docs/diagnostics has a page for each.
import { buildCodes } from './codes/build-codes.ts';
import { effectCodes } from './codes/effect-codes.ts';
import { interopCodes } from './codes/interop-codes.ts';
import { keyCodes } from './codes/key-codes.ts';
import { markerCodes } from './codes/marker-codes.ts';
import { noteCodes } from './codes/note-codes.ts';
import { optionCodes } from './codes/option-codes.ts';
import { programCodes } from './codes/program-codes.ts';
import { typeCodes } from './codes/type-codes.ts';

/** Code → severity, title and texts. */
export const catalogue = {
  ...markerCodes,
  ...typeCodes,
  ...keyCodes,
  ...interopCodes,
  ...buildCodes,
  ...noteCodes,
  ...optionCodes,
  ...effectCodes,
  ...programCodes,
};

/** A code that this version can report. */
export type Code = keyof typeof catalogue;

/** The values that the texts of one code need. */
export type ArgsOf<C extends Code> = Parameters<(typeof catalogue)[C]['message']>[0];

/** True for a code of the catalogue, such as `CK1108`. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text);
}

/** The page of a code, relative to the root of the documentation. */
export function docsPath(code: string): string {
  return `docs/diagnostics/${code}.md`;
}
