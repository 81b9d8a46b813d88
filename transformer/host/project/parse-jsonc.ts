// Parses JSON with comments and trailing commas, as in tsconfig files.

/** A string, a comment, or a comma before a closing bracket (comments between them included). */
const PARTS =
  /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*[}\]])/g;

/** @throws SyntaxError */
export function parseJsonc(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '').replace(PARTS, (part) => (part.startsWith('"') ? part : ''));
  return JSON.parse(plain);
}
