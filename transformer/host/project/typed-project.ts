// A project that compiles with TypeScript, which it loads at the first file with a marker.
import { dirname, resolve } from 'node:path';
import type TS from 'typescript';
import type { ScanResult } from '../../1-scan/marker.ts';
import { scanFile } from '../../1-scan/scan-file.ts';
import type { OnStage } from '../../compile-file.ts';
import { createDiagnostic, createScanDiagnostic } from '../../diagnostics/create.ts';
import { COMPONENTS } from '../component-scripts.ts';
import { emitText } from '../emit/emit-text.ts';
import { isPlain } from '../is-plain.ts';
import { loadTypeScript } from '../load-typescript.ts';
import { createFactRecorder, type Facts } from '../plans/input-facts.ts';
import { createSyntaxReader } from '../ts6/syntax/syntax-reader.ts';
import { checkWholeProgram, writeManifests, type ProgramMember } from '../whole-program.ts';
import { openConfig, type ConfigProject, type KnownPlans } from './config-project.ts';
import type { CompiledFile, ProjectOptions, TypedProject } from './project.ts';
import { findStart, readComponents, readConfig, withReferences } from './read-config.ts';
import { EMPTY_EMISSION } from '../empty-emission.ts';

/** Opens a project without a plan cache. Tsconfigs are read when a file needs them. */
export function openTypedProject(options: ProjectOptions): TypedProject {
  const cwd = options.cwd ?? process.cwd();
  /** Path of a tsconfig → that tsconfig and all that it references. */
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
  /** Opens the group again if one of its tsconfigs changed or matches other files now; else undefined. */
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
  /**
   * Compiles a file with markers that a program already has with this text: it need not be parsed again to find them.
   */
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
      const held = onStage === undefined ? compileHeld(file, written) : undefined;
      if (held !== undefined) return held;
      // The text has the word of a marker, but maybe no marker. One parse (a millisecond) can save a program (seconds).
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
    components() {
      const ts = loadTypeScript();
      return [...new Set(root().flatMap(({ path }) => readComponents(ts, path)))].toSorted();
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

/** Of a file without a marker: the result depends on nothing but its text. */
const NO_FACTS: Facts = new Map();

/** By the first member: the facts of its group, one object for all files compiled from the same programs. */
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

/** The members of the whole program, each with the compiled files that it owns. */
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

/** The member that lists the file; else the first whose program has the file through an import. */
function findOwner(members: readonly ConfigProject[], file: string): ConfigProject | undefined {
  return members.find((member) => member.lists(file)) ?? members.find((member) => member.contains(file));
}

function compileIn(owner: ConfigProject, file: string, onStage: OnStage | undefined): CompiledFile {
  const { emission, text } = owner.compile(file, onStage);
  if (emission === undefined) return EMPTY_EMISSION;
  // Problems of the tsconfig are reported with each file compiled by it.
  const diagnostics = [...owner.configDiagnostics, ...emission.diagnostics];
  const { configFiles } = owner;
  if (emission.texts === undefined) return { ...emission, diagnostics, configFiles };
  return { ...emission, diagnostics, configFiles, ...emitText(text, emission.texts, file) };
}

const NO_SCAN: ScanResult = { markers: [], refused: [], allows: [], writers: [], problems: [] };

/**
 * Scans without a program. `nothing`: the file certainly has no marker. `unknown`: the scan failed by a fault of ours,
 * which the compiler will run into again and report.
 */
function scanQuickly(ts: typeof TS, source: TS.SourceFile): ScanResult | 'nothing' | 'unknown' {
  try {
    let usesForeignNames = false;
    const foreign = { exportOf: () => void (usesForeignNames = true) };
    const syntax = createSyntaxReader(ts, source, foreign);
    const scanned = scanFile(syntax);
    if (!isEmpty(scanned) || syntax.configureCalls().length > 0) return scanned;
    // A name from another file may be `cached`, exported from there again: only a program can tell.
    return usesForeignNames ? scanned : 'nothing';
  } catch {
    return 'unknown';
  }
}

function isEmpty({ markers, problems, allows, writers }: ScanResult): boolean {
  return markers.length + problems.length + allows.length + writers.length === 0;
}

/** A file that no program has cannot be cached, for lack of types. CK1401 at its first marker says so. */
function notInProgram(
  file: string,
  config: string,
  { markers, writers, problems }: ScanResult,
): CompiledFile {
  const [first] = [...markers, ...writers];
  const args = COMPONENTS.test(file) ? ({ unchecked: 'component' } as const) : { file, config };
  const missing =
    first === undefined ? [] : [createDiagnostic({ code: 'CK1401', range: first.range, args }, file)];
  return {
    ...EMPTY_EMISSION,
    diagnostics: [...missing, ...problems.map((problem) => createScanDiagnostic(problem, file))],
  };
}
