// The least work of any plugin that decides by types: TypeScript reads the project, and its checker is asked for the
// types of the marked functions; the compiled code is there already. A floor for builds without plans on disk.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import type TS from 'typescript';

/** @param compiled folder with the same project, compiled before. */
export function leastPlugin(folder: string, compiled: string): Plugin {
  return {
    name: 'least',
    setup(build) {
      let reading: Promise<void> | undefined;
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!readFileSync(path, 'utf8').includes('@cache')) return undefined;
        await (reading ??= import('typescript').then((ts) => readTypes(ts.default, folder)));
        return { contents: readFileSync(join(compiled, 'src', basename(path)), 'utf8'), loader: 'ts' };
      });
    },
  };
}

function readTypes(ts: typeof TS, folder: string): void {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.bare.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (config === undefined) throw new Error(`there is no tsconfig in ${folder}`);
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options });
  const checker = program.getTypeChecker();
  const seen = new Set<TS.Type>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.text.includes('@cache')) continue;
    for (const statement of file.statements) {
      if (!ts.isFunctionDeclaration(statement) || ts.getJSDocTags(statement).length === 0) continue;
      const signature = checker.getSignatureFromDeclaration(statement);
      if (signature === undefined) continue;
      const result = checker.getAwaitedType(checker.getReturnTypeOfSignature(signature));
      if (result !== undefined) visit(ts, checker, result, seen);
      for (const parameter of signature.parameters) checker.getTypeOfSymbol(parameter);
    }
  }
}

function visit(ts: typeof TS, checker: TS.TypeChecker, type: TS.Type, seen: Set<TS.Type>): void {
  if (seen.has(type)) return;
  seen.add(type);
  if (type.isUnion()) for (const arm of type.types) visit(ts, checker, arm, seen);
  if ((type.flags & ts.TypeFlags.Object) === 0) return;
  const object = type as TS.ObjectType; // by its flag
  const isReference = (object.objectFlags & ts.ObjectFlags.Reference) !== 0;
  const elements = isReference ? checker.getTypeArguments(object as TS.TypeReference) : []; // by its flag
  for (const element of elements) visit(ts, checker, element, seen);
  // Members of arrays, Maps and Dates need not be read.
  if (elements.length > 0 || type.symbol.name === 'Date') return;
  for (const property of type.getProperties()) visit(ts, checker, checker.getTypeOfSymbol(property), seen);
}
