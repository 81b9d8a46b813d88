// Measures what one edit of a type costs in a watch mode, beyond the work of TypeScript itself. Prints milliseconds of
// CPU time, which other work on the machine does not disturb. Argument: folder of a generated project.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { hookWithEntry } from '../../transformer/host/program/hook-with-entry.ts';
import { ownEntryOf } from '../../transformer/host/project/own-entry.ts';

const [folder = ''] = process.argv.slice(2);
const EDITS = 12;
const sources = new Map<string, ts.SourceFile>();
let before: ts.Program | undefined;

const config = ts.getParsedCommandLineOfConfigFile(
  join(folder, 'tsconfig.json'),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
);
if (config === undefined) throw new Error(`there is no tsconfig in ${folder}`);

/** Like the watch hosts of TypeScript: source files that did not change are the same objects in the next program. */
function nextProgram(): ts.Program {
  const host = ts.createIncrementalCompilerHost(config!.options); // checked above
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, options) => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const source = read(file, options);
    if (source !== undefined) sources.set(file, source);
    return source;
  };
  const { fileNames, options } = config!; // checked above
  return ts.createProgram({
    rootNames: fileNames,
    options,
    host,
    ...(before !== undefined && { oldProgram: before }),
  });
}

function hookedMs(): number {
  const program = nextProgram();
  program.getTypeChecker();
  const start = process.cpuUsage();
  hookWithEntry(ts, program, ownEntryOf(program.getCompilerOptions()['plugins']), { warn: () => undefined });
  const { user, system } = process.cpuUsage(start);
  before = program;
  return (user + system) / 1000;
}

const firstMs = hookedMs();
const editsMs = Array.from({ length: EDITS }, (_, i) => {
  const file = join(folder, `src/module-${i * 10 + 5}.ts`);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace('readonly zip: number;', `readonly zip: number;\n  readonly z${i}?: Date;`),
  );
  sources.delete(file);
  return hookedMs();
});
process.stdout.write(JSON.stringify({ firstMs, editsMs }));
