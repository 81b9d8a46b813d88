// Rule: configure() must not be called in a library, nor with a master key in the source.
import type { SyntaxReader } from '../1-scan/syntax-reader.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** CK1306: a literal key. CK1409: a call in a library. */
export function checkConfigure(
  syntax: SyntaxReader,
  options: { readonly library: boolean },
): readonly Finding[] {
  return syntax
    .configureCalls()
    .flatMap(({ range, literalKeys }): readonly Finding[] => [
      ...(options.library ? ([{ code: 'CK1409', range, args: {} }] as const) : []),
      ...literalKeys.map((key): Finding => ({ code: 'CK1306', range: key, args: {} })),
    ]);
}
