// Makes Jest fail for files with errors. ts-jest reports errors of CommonJS, but drops those of ES modules if Jest loads
// them synchronously, as it does from Node 24.9 on: functions would run uncached without a word.
import type TS from 'typescript';

/** Whether this process runs tests of Jest, which sets the variable also where there are no workers. */
export function isJest(): boolean {
  return process.env['JEST_WORKER_ID'] !== undefined;
}

/** Throws all errors of the file, in the form that ts-jest gives them. */
export function failWith(ts: typeof TS, program: TS.Program, file: TS.SourceFile): never {
  const text = ts.formatDiagnosticsWithColorAndContext(program.getSemanticDiagnostics(file), {
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  });
  const error = new Error(text);
  error.stack = text; // the place is in the message; where the compiler threw it says nothing
  throw error;
}
