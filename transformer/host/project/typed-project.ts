// A project that compiles with TypeScript, which is loaded at the first marked file.
import { dirname, resolve } from 'node:path';
import type TS from 'typescript';
import type { ScanResult } from '../../1-scan/marker.ts';
import { scanFile } from '../../1-scan/scan-file.ts';
import type { OnStage } from '../../compile-file.ts';
import { createDiagnostic, createScanDiagnostic } from '../../diagnostics/create.ts';
import { emitText } from '../emit/emit-text.ts';
import { isPlain } from '../is-plain.ts';
import { loadTypeScript } from '../load-typescript.ts';
import { createFactRecorder, type Facts } from '../plans/input-facts.ts';
import { createSyntaxReader } from '../ts6/syntax/syntax-reader.ts';
import { checkWholeProgram, writeManifests, type ProgramMember } from '../whole-program.ts';
import { openConfig, type ConfigProject, type KnownPlans } from './config-project.ts';
import type { CompiledFile, ProjectOptions, TypedProject } from './project.ts';
import { findStart, readConfig, withReferences } from './read-config.ts';
import { EMPTY_EMISSION } from '../empty-emission.ts';

export function openTypedProject(options: ProjectOptions): TypedProject {
  const cwd = options.cwd ?? process.cwd();
  /** By path of the tsconfig it starts from: that one and everything it references. */
  const groups = new Map<string, readonly ConfigProject[]>();
  const group = (ts: typeof TS, start: string): readonly ConfigProject[] => {
    const known = groups.get(start);
    if (known !== undefined) return known;
    const root = readConfig(ts, start, createFactRecorder());
    const plans: KnownPlans = new Map();
    const opened = withReferences(ts, root).map((config) => openConfig(ts, config, plans));
    groups.set(start, opened);
    return opened;
  };
  /** Opened again when a tsconfig changed, or when it matches files that were not there before. */
  const reopen = (ts: typeof TS, start: string): readonly ConfigProject[] | undefined => {
    if (!group(ts, start).some((member) => member.isConfigChanged())) return undefined;
    groups.delete(start);
    return group(ts, start);
  };
  const startFor = (folder: string): string => {
    const found = findStart(options, folder);
    if (found === undefined) throw new Error(`cachekit needs a tsconfig.json at or above ${folder}`);
    return found;
  };
  const root = () => {
    const ts = loadTypeScript();
    return group(ts, startFor(cwd));
  };
  /** Of a file that a program has with this text, if something in it is marked: it need not be parsed twice to find out. */
  const compileHeld = (file: string, text: string): CompiledFile | undefined => {
    const members = groups.get(findStart(options, dirname(file)) ?? '');
    const owner = members?.find((member) => member.lists(file));
    if (owner === undefined || owner.heldText(file) !== text) return undefined;
    const compiled = compileIn(owner, file, undefined);
    return compiled.plans.length > 0 ? compiled : undefined;
  };
  return {
    compile(path, text, onStage) {
      const file = resolve(cwd, path).replaceAll('\\', '/');
      if (text !== undefined && isPlain(text)) return EMPTY_EMISSION;
      const ts = loadTypeScript();
      const written = text ?? ts.sys.readFile(file) ?? '';
      const marked = onStage === undefined ? compileHeld(file, written) : undefined;
      if (marked !== undefined) return marked;
      // A parse takes a millisecond, a program seconds: the word alone may stand anywhere.
      const source = ts.createSourceFile(file, written, ts.ScriptTarget.Latest);
      const scanned = scanQuickly(ts, source);
      if (scanned === 'nothing') return EMPTY_EMISSION;
      const start = startFor(dirname(file));
      const members = group(ts, start);
      const owner = findOwner(members, file) ?? findOwner(reopen(ts, start) ?? [], file);
      if (owner === undefined)
        return notInProgram(file, members[0]?.path ?? '', scanned === 'unknown' ? NO_SCAN : scanned);
      if (text !== undefined) owner.update(file, text);
      return compileIn(owner, file, onStage);
    },
    update(path, text) {
      const file = resolve(cwd, path).replaceAll('\\', '/');
      for (const members of groups.values()) for (const member of members) member.update(file, text);
    },
    refresh() {
      if (groups.size === 0) return;
      const ts = loadTypeScript();
      for (const [start, members] of groups)
        if (reopen(ts, start) === undefined) for (const member of members) member.refresh();
    },
    files() {
      return [...new Set(root().flatMap((member) => member.files()))].toSorted();
    },
    startOf: (file) => findStart(options, dirname(file)),
    isOpen: (start) => groups.has(start),
    factsOf(start, compiled) {
      if (compiled === EMPTY_EMISSION) return NO_FACTS;
      const members = groups.get(start) ?? [];
      return members.some((member) => member.planCache === false) ? undefined : joinFacts(members);
    },
    configDiagnostics() {
      return root().flatMap((member) => member.configDiagnostics);
    },
    programDiagnostics: (compiled) => checkWholeProgram(membersOf(root(), compiled)),
    writeManifests(compiled) {
      const { sys } = loadTypeScript();
      return writeManifests(membersOf(root(), compiled), (file) => sys.readFile(file) ?? '');
    },
  };
}

/** No marker in the text: nothing else was looked at. */
const NO_FACTS: Facts = new Map();

/** Of the program that was made last: one value for all files compiled from it. */
const joined = new WeakMap<ConfigProject, { readonly programs: readonly unknown[]; readonly facts: Facts }>();

function joinFacts(members: readonly ConfigProject[]): Facts | undefined {
  const [first] = members;
  const recorded = first?.recorder?.facts();
  if (first === undefined || recorded === undefined) return undefined;
  const programs = members.map((member) => member.peek());
  const known = joined.get(first);
  if (known?.programs.every((program, index) => program === programs[index]) === true) return known.facts;
  const facts = new Map(recorded);
  joined.set(first, { programs, facts });
  for (const member of members)
    for (const [file, hash] of member.sourceHashes()) {
      facts.set(`text ${file}`, hash);
      facts.delete(`file ${file}`);
    }
  return facts;
}

/** Each file with the tsconfig that decides about it. */
function membersOf(
  members: readonly ConfigProject[],
  compiled: ReadonlyMap<string, CompiledFile>,
): readonly ProgramMember[] {
  const owners = new Map([...compiled.keys()].map((file) => [file, findOwner(members, file)]));
  return members.map((member) => {
    const own = new Map([...compiled].filter(([file]) => owners.get(file) === member));
    const files = new Set(own.keys());
    const { path, options } = member;
    return { config: path, options, compiled: own, facts: (names) => member.facts(files, names) };
  });
}

/** The member that lists the file; else one whose program reached it through an import. */
function findOwner(members: readonly ConfigProject[], file: string): ConfigProject | undefined {
  return members.find((member) => member.lists(file)) ?? members.find((member) => member.contains(file));
}

function compileIn(owner: ConfigProject, file: string, onStage: OnStage | undefined): CompiledFile {
  const { emission, text } = owner.compile(file, onStage);
  if (emission === undefined) return EMPTY_EMISSION;
  // What the tsconfig gets wrong is reported with the files it decides about.
  const diagnostics = [...owner.configDiagnostics, ...emission.diagnostics];
  const { configFiles } = owner;
  if (emission.texts === undefined) return { ...emission, diagnostics, configFiles };
  return { ...emission, diagnostics, configFiles, ...emitText(text, emission.texts, file) };
}

const NO_SCAN: ScanResult = { markers: [], allows: [], writers: [], problems: [] };

/** `unknown`: a fault of ours, which the compiler then reports with its stage. */
function scanQuickly(ts: typeof TS, source: TS.SourceFile): ScanResult | 'nothing' | 'unknown' {
  try {
    let isAsked = false;
    const foreign = { exportOf: () => void (isAsked = true) };
    const syntax = createSyntaxReader(ts, source, foreign);
    const scanned = scanFile(syntax);
    if (!isEmpty(scanned) || syntax.configureCalls().length > 0) return scanned;
    // Another file may hand on `cached`: only a program can tell.
    return isAsked ? scanned : 'nothing';
  } catch {
    return 'unknown';
  }
}

function isEmpty({ markers, problems, allows, writers }: ScanResult): boolean {
  return markers.length + problems.length + allows.length + writers.length === 0;
}

/** Without types nothing can be cached, and every mark has to hear of it. */
function notInProgram(
  file: string,
  config: string,
  { markers, writers, problems }: ScanResult,
): CompiledFile {
  const [first] = [...markers, ...writers];
  const args = { file, config };
  const missing =
    first === undefined ? [] : [createDiagnostic({ code: 'CK1401', range: first.range, args }, file)];
  return {
    ...EMPTY_EMISSION,
    diagnostics: [...missing, ...problems.map((problem) => createScanDiagnostic(problem, file))],
  };
}
