// One warm TypeScript program over one tsconfig: created at the first question, updated file by file.
import { statSync } from 'node:fs';
import type TS from 'typescript';
import { recordHost, recordPackages } from '../plans/record-host.ts';
import type { ProjectConfig } from '../project/read-config.ts';

export interface IncrementalProgram {
  /** The program over what is known now. */
  current(): TS.Program;
  /** The file has this text, whatever the disk says. Undefined: look at the disk again. */
  update(file: string, text: string | undefined): void;
  /** Looks at all files of the program again: what changed on disk is read anew. */
  refresh(): void;
  /** The program, if one was needed so far and nothing changed since. */
  peek(): TS.Program | undefined;
}

/** Internal: imports of a referenced project mean its sources, as in the editor; its output may not be built yet. */
interface SourceRedirect {
  useSourceOfProjectReferenceRedirect?(): boolean;
}

interface CachedFile {
  readonly source: TS.SourceFile | undefined;
  readonly stamp: string;
}

export function createIncrementalProgram(ts: typeof TS, config: ProjectConfig): IncrementalProgram {
  const host: TS.CompilerHost & SourceRedirect = ts.createCompilerHost(config.options);
  host.useSourceOfProjectReferenceRedirect = () => true;
  const files = new Map<string, CachedFile>();
  const overlays = new Map<string, string>();
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const readText = (file: string): string | undefined => overlays.get(file) ?? readFile(file);
  host.readFile = readText;
  host.fileExists = (file) => overlays.has(file) || fileExists(file);
  if (config.recorder !== undefined) recordHost(host, config.recorder);
  host.getSourceFile = (file, options) => {
    const known = files.get(file);
    if (known?.source !== undefined) return known.source;
    const stamp = stampOf(file);
    const text = readText(file);
    if (text === undefined) config.recorder?.add('text', file, '');
    // As tsc parses: in JavaScript the types stand in documentation comments, elsewhere they are ours to read (1-scan).
    const parsing = { ...asOptions(options), jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors };
    const source = text === undefined ? undefined : ts.createSourceFile(file, text, parsing);
    files.set(file, { source, stamp });
    return source;
  };
  let program: TS.Program | undefined;
  let isCurrent = false;
  const forget = (file: string): void => {
    files.delete(file);
    isCurrent = false;
  };
  return {
    current() {
      if (program !== undefined && isCurrent) return program;
      program = ts.createProgram({
        rootNames: config.files,
        options: config.options,
        host,
        ...(config.projectReferences === undefined ? {} : { projectReferences: config.projectReferences }),
        ...(program === undefined ? {} : { oldProgram: program }),
      });
      isCurrent = true;
      if (config.recorder !== undefined) recordPackages(program, config.path, config.recorder);
      return program;
    },
    peek: () => (isCurrent ? program : undefined),
    update(file, text) {
      const before = files.get(file)?.source?.text;
      if (text === undefined) overlays.delete(file);
      else if (text !== before) overlays.set(file, text);
      if (text === undefined || text !== before) forget(file);
    },
    refresh() {
      for (const [file, known] of files) {
        if (stampOf(file) === known.stamp) continue;
        // What a bundler had made of the old text says nothing about the new one.
        overlays.delete(file);
        forget(file);
      }
    },
  };
}

function asOptions(options: TS.ScriptTarget | TS.CreateSourceFileOptions): TS.CreateSourceFileOptions {
  return typeof options === 'object' ? options : { languageVersion: options };
}

/** Changes whenever the content can have changed. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.mtimeNs}:${stat.size}`;
}
