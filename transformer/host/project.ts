// What bundlers and the CLI hold: text in, compiled text out. TypeScript is loaded at the first marked file.
import { dirname, resolve } from 'node:path';
import type TS from 'typescript';
import type { Range } from '../1-scan/marker.ts';
import { scanFile } from '../1-scan/scan-file.ts';
import { mayContainMarker } from '../1-scan/may-contain-marker.ts';
import type { Emission, OnStage } from '../compile-file.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import { emitText, type TextMap } from './emit-text.ts';
import { isCompiledAlready } from './compiled-already.ts';
import { loadTypeScript } from './load-typescript.ts';
import { openConfig, type ConfigProject } from './config-project.ts';
import { createSyntaxReader } from './ts6-syntax.ts';
import { configPath, findConfigAbove, readConfig, withReferences } from './read-config.ts';

export interface ProjectOptions {
  /** File or folder. Default: the nearest tsconfig above each file, through its references. */
  readonly tsconfig?: string;
  /** Where relative paths start. Default: the working directory of the process. */
  readonly cwd?: string;
}

/** `code` and `map` are there when something was inserted. */
export interface CompiledFile extends Emission {
  readonly code?: string;
  readonly map?: TextMap;
  /** Absolute paths of the tsconfig that decided, and of those it extends. */
  readonly configFiles?: readonly string[];
}

export interface Project {
  /**
   * Compiles one file. `text` is what a bundler has, when that is not what the disk has; offsets then mean `text`.
   *
   * @throws when there is no tsconfig or it cannot be read.
   */
  compile(file: string, text?: string, onStage?: OnStage): CompiledFile;
  /** The file changed: on disk, or to `text`. */
  update(file: string, text?: string): void;
  /** Looks at the disk again, also at tsconfig. */
  refresh(): void;
  /** Source files of the tsconfig and its references, sorted. Needs `tsconfig`, or one at or above `cwd`. */
  files(): readonly string[];
  /** Problems of the tsconfig, such as unknown options (CK1408). */
  configDiagnostics(): Emission['diagnostics'];
}

const NOTHING: CompiledFile = { texts: undefined, plans: [], diagnostics: [], dependencies: [] };

export function openProject(options: ProjectOptions = {}): Project {
  const cwd = options.cwd ?? process.cwd();
  /** By path of the tsconfig it starts from: that one and everything it references. */
  const groups = new Map<string, readonly ConfigProject[]>();
  const group = (ts: typeof TS, start: string): readonly ConfigProject[] => {
    const known = groups.get(start);
    if (known !== undefined) return known;
    const opened = withReferences(ts, readConfig(ts, start)).map((config) => openConfig(ts, config));
    groups.set(start, opened);
    return opened;
  };
  /** Opened again when a tsconfig changed, or when it matches files that were not there before. */
  const reopen = (ts: typeof TS, start: string): readonly ConfigProject[] | undefined => {
    if (!group(ts, start).some((member) => member.isConfigChanged())) return undefined;
    groups.delete(start);
    return group(ts, start);
  };
  const startFor = (ts: typeof TS, folder: string): string => {
    const found =
      options.tsconfig === undefined ? findConfigAbove(ts, folder) : configPath(ts, options.tsconfig, cwd);
    if (found === undefined) throw new Error(`cachekit needs a tsconfig.json at or above ${folder}`);
    return found;
  };
  const root = () => {
    const ts = loadTypeScript();
    return group(ts, startFor(ts, cwd));
  };
  return {
    compile(path, text, onStage) {
      const file = resolve(cwd, path).replaceAll('\\', '/');
      if (text !== undefined && (!mayContainMarker(text) || isCompiledAlready(text))) return NOTHING;
      const ts = loadTypeScript();
      const written = text ?? ts.sys.readFile(file) ?? '';
      // Without types nothing can be cached, and a program costs seconds: the word alone may stand anywhere.
      const mark = firstMark(ts, file, written);
      if (mark === undefined) return NOTHING;
      const start = startFor(ts, dirname(file));
      const members = group(ts, start);
      const owner = findOwner(members, file) ?? findOwner(reopen(ts, start) ?? [], file);
      if (owner === undefined) return notInProgram(file, members[0]?.path ?? '', mark);
      if (text !== undefined) owner.update(file, text);
      return compileIn(owner, file, onStage);
    },
    update(path, text) {
      const file = resolve(cwd, path).replaceAll('\\', '/');
      for (const members of groups.values()) for (const member of members) member.update(file, text);
    },
    refresh() {
      const ts = loadTypeScript();
      for (const [start, members] of groups)
        if (reopen(ts, start) === undefined) for (const member of members) member.refresh();
    },
    files() {
      return [...new Set(root().flatMap((member) => member.files()))].toSorted();
    },
    configDiagnostics() {
      return root().flatMap((member) => member.configDiagnostics);
    },
  };
}

/** The member that lists the file; else one whose program reached it through an import. */
function findOwner(members: readonly ConfigProject[], file: string): ConfigProject | undefined {
  return members.find((member) => member.lists(file)) ?? members.find((member) => member.contains(file));
}

function compileIn(owner: ConfigProject, file: string, onStage: OnStage | undefined): CompiledFile {
  const { emission, text } = owner.compile(file, onStage);
  if (emission === undefined) return NOTHING;
  // What the tsconfig gets wrong is reported with the files it decides about.
  const diagnostics = [...owner.configDiagnostics, ...emission.diagnostics];
  const { configFiles } = owner;
  if (emission.texts === undefined) return { ...emission, diagnostics, configFiles };
  return { ...emission, diagnostics, configFiles, ...emitText(text, emission.texts, file) };
}

/** The place of a marker, or of what looks like one; a parse of the text is all it takes. */
function firstMark(ts: typeof TS, file: string, text: string): Range | undefined {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const { markers, problems } = scanFile(createSyntaxReader(ts, source));
  return (markers[0] ?? problems[0])?.range;
}

function notInProgram(file: string, config: string, range: Range): CompiledFile {
  return {
    ...NOTHING,
    diagnostics: [createDiagnostic({ code: 'CK1401', range, args: { file, config } }, file)],
  };
}
