// Whether a text is a program at all.
import ts from 'typescript';

/** What the parser says about it; empty: it is well-formed. */
export function parseProblems(path: string, text: string): readonly string[] {
  return problemsOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false));
}

/** The same of a text that is parsed already. */
export function problemsOf(file: ts.SourceFile): readonly string[] {
  const { parseDiagnostics = [] } = file as { parseDiagnostics?: readonly ts.Diagnostic[] }; // internal, always set
  return parseDiagnostics.map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' '));
}
