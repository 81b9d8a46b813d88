// The TypeScript program of one tsconfig, for hosts that compile text: created on demand and updated file by file.
import { statSync } from 'node:fs';
import type TS from 'typescript';
import { recordHost, recordPackages } from '../plans/record-host.ts';
import type { ProjectConfig } from '../project/read-config.ts';
import { useSourcesOfReferences } from './sources-of-references.ts';

/** A program that follows changes of its files. */
export interface IncrementalProgram {
  /** The program with all updates; created if there is none. */
  current(): TS.Program;
  /**
   * From now on the file has this text, whatever is on disk. Undefined: it has the text on disk, which is read again.
   */
  update(file: string, text: string | undefined): void;
  /** Reads all files of the program again that changed on disk. */
  refresh(): void;
  /** The program, if there is one and nothing changed since it was made. */
  peek(): TS.Program | undefined;
}

interface CachedFile {
  /** Undefined: the file does not exist. */
  readonly source: TS.SourceFile | undefined;
  readonly stamp: string;
}

/** Reads nothing before the program is needed. */
export function createIncrementalProgram(ts: typeof TS, config: ProjectConfig): IncrementalProgram {
  const host = ts.createCompilerHost(config.options);
  useSourcesOfReferences(host);
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
    // As tsc does: parse documentation comments in JavaScript, where they hold types. We read those of TypeScript
    // (1-scan).
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
        // The overlay is what a bundler made of the old text: it is out of date.
        overlays.delete(file);
        forget(file);
      }
    },
  };
}

function asOptions(options: TS.ScriptTarget | TS.CreateSourceFileOptions): TS.CreateSourceFileOptions {
  return typeof options === 'object' ? options : { languageVersion: options };
}

/** Modification time and size of a file: equal stamps mean equal content. '' when it does not exist. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.mtimeNs}:${stat.size}`;
}
