// Reuses plans of earlier programs, from this process (watch modes) or from disk. An edit changes one file; the plan of
// each file whose meaning stays the same (program-meaning.ts) stays the same too.
import type TS from 'typescript';
import type { CachePlan } from '../../3-plan/cache-plan.ts';
import type { ProgramFacts } from '../../4-check/program-facts.ts';
import type { Emission } from '../../compile-file.ts';
import { cachedPlans } from '../cached-plans.ts';
import type { SourceCompiler } from '../compile-source.ts';
import { isPlain } from '../is-plain.ts';
import { mergeFacts } from '../merge-facts.ts';
import { createFactRecorder, hashText } from './input-facts.ts';
import { isStorable } from './is-storable.ts';
import { meaningOf, type ProgramMeaning } from './program-meaning.ts';
import { openProgramStore, type ProgramStore } from './program-store.ts';
import { recordPackages } from './record-host.ts';

/** Compiles the files of one program, and reuses what holds of earlier programs. */
export interface PlanMemory {
  /** The given compiler, with the plans of earlier programs in front of it. */
  readonly compile: SourceCompiler;
  /**
   * What `collect` finds in these files. It is called only for files in which it can find something else than before.
   */
  facts(
    files: readonly TS.SourceFile[],
    names: ReadonlySet<string>,
    collect: (files: readonly TS.SourceFile[]) => ProgramFacts,
  ): ProgramFacts;
  /** Stores what is new in this program for other processes. Call it once, after everything was compiled. */
  save(): void;
}

/** What decides which earlier programs a memory knows. */
export interface MemoryOptions {
  /** Absolute path of the tsconfig; '' for none: then nothing is reused. */
  readonly config: string;
  /** Hash of what decides the plans besides the program: the compiler and its options. */
  readonly salt: string;
  /** Folder of the plans on disk. Default: plans are kept in memory only. */
  readonly folder?: string | undefined;
}

/** The plan of a file, and the hashes that must all be the same for it to hold. */
export interface KeptPlan {
  readonly emission: Emission;
  /** Of the file, with all that it imports, and of the program's global declarations. */
  readonly meaning: string;
  /** Of the other files that the plan depends on: mostly, but not always, files that it imports. */
  readonly inputs: readonly (readonly [file: string, meaning: string])[];
  /** `ProgramMeaning.subclasses`, where a function calls methods that a subclass can override; else undefined. */
  readonly subclasses: string | undefined;
  /** `ProgramMeaning.all`, where the plan depends on every file of the project, also on a new one; else undefined. */
  readonly all: string | undefined;
}

/** What files say about cached functions of some names. */
export interface KeptFacts {
  /** Hash of the question: the names, and the program's global declarations. */
  readonly asked: string;
  readonly byFile: ReadonlyMap<string, FileFacts>;
}

interface FileFacts {
  readonly meaning: string;
  /** Undefined: the file says nothing about them. */
  readonly facts: ProgramFacts | undefined;
}

/** Plans by file, and facts. */
interface Results {
  readonly plans: Map<string, KeptPlan>;
  facts: KeptFacts | undefined;
}

/** What was found out about one program. */
interface ProgramResults extends Results {
  /** What decides all plans alike. Results of programs with another environment are not comparable. */
  readonly environment: string;
}

const resultsOf = new WeakMap<TS.Program, ProgramResults>();
/** tsconfig → its last program. */
const latest = new Map<string, WeakRef<TS.Program>>();

/**
 * A memory for one program. `compile` plans the files for which no earlier plan holds. Nothing is reused without a
 * tsconfig, or when this version of TypeScript does not tell what its imports resolve to.
 */
export function openPlanMemory(
  ts: typeof TS,
  program: TS.Program,
  { config, salt, folder }: MemoryOptions,
  compile: SourceCompiler,
): PlanMemory {
  const meaning = config === '' ? undefined : meaningOf(ts, program);
  const packages = packagesOf(program, config);
  if (meaning === undefined || packages === undefined)
    return { compile, facts: (files, _, collect) => collect(files), save: () => undefined };
  const environment = `${ts.version} ${salt} ${optionsOf(program)} ${packages}`;
  const last = lastResults(config);
  const current: ProgramResults = { environment, plans: new Map(), facts: undefined };
  resultsOf.set(program, current);
  latest.set(config, new WeakRef(program));
  const store = folder === undefined ? undefined : openProgramStore(folder, config, environment);
  const state: MemoryState = {
    meaning,
    ownFiles: countOwnFiles(program),
    last: last?.environment === environment ? last : undefined,
    current,
    unsaved: { plans: new Map(), facts: undefined },
    store,
  };
  return {
    compile(asked, source, plans, onStage) {
      if (asked !== program || onStage !== undefined) return compile(asked, source, plans, onStage);
      if (isPlainFile(source)) return undefined;
      return compileOrReuse(state, source.fileName, plans, () => compile(program, source, plans));
    },
    facts: (files, names, collect) => collectOrReuse(state, files, names, collect),
    save: () => store?.write(state.unsaved.plans, state.unsaved.facts),
  };
}

interface MemoryState {
  readonly meaning: ProgramMeaning;
  /** Number of the project's own files in the program. */
  readonly ownFiles: number;
  /** Of the last program of this tsconfig; undefined: there was none, or it had another environment. */
  readonly last: ProgramResults | undefined;
  readonly current: ProgramResults;
  /** The part of `current` that is not on disk. */
  readonly unsaved: Results;
  readonly store: ProgramStore | undefined;
}

/** By file: in watch modes most files of a program are the same objects as in the last one. */
const plain = new WeakMap<TS.SourceFile, boolean>();

function isPlainFile(file: TS.SourceFile): boolean {
  const known = plain.get(file) ?? isPlain(file.text);
  plain.set(file, known);
  return known;
}

function compileOrReuse(
  { meaning, ownFiles, last, current, unsaved, store }: MemoryState,
  file: string,
  earlier: readonly CachePlan[],
  compile: () => Emission | undefined,
): Emission | undefined {
  // The last plan of this process was also written to disk: it need not be read from there.
  const kept = last?.plans.get(file) ?? store?.plan(file);
  if (kept !== undefined && holds(kept, meaning, file, earlier)) {
    current.plans.set(file, kept);
    return kept.emission;
  }
  const emission = compile();
  const made = emission === undefined ? undefined : keptOf(emission, meaning, file, ownFiles);
  if (made === undefined) return emission;
  current.plans.set(file, made);
  if (isStorable(made.emission)) unsaved.plans.set(file, made);
  return emission;
}

/** Hash of the program's global declarations, of the file, and of all that it imports. */
function meaningIn(meaning: ProgramMeaning, file: string): string {
  return `${meaning.global} ${meaning.of(file) ?? ''}`;
}

/**
 * Undefined: the file has to be planned again each time. That is so when an error left a function uncached, as its
 * cause may be in another file; and when the plan depends on a file outside of the program, whose changes are not seen
 * here.
 */
function keptOf(
  emission: Emission,
  meaning: ProgramMeaning,
  file: string,
  ownFiles: number,
): KeptPlan | undefined {
  const { plans, dependencies } = emission;
  if (cachedPlans(emission).length !== plans.length) return undefined;
  const inputs = dependencies.flatMap((name): KeptPlan['inputs'] => {
    const known = meaning.of(name);
    return known === undefined ? [] : [[name, known]];
  });
  if (inputs.length < dependencies.length) return undefined;
  const callsOwnMethods = plans.some(({ marker }) => (marker.target.thisCalls ?? []).length > 0);
  return {
    emission,
    meaning: meaningIn(meaning, file),
    inputs,
    subclasses: callsOwnMethods ? meaning.subclasses : undefined,
    // A code fingerprint that reaches too far is made from all files of the project (ts6/code/code-tokens.ts).
    all: dependencies.length >= ownFiles - 1 ? meaning.all : undefined,
  };
}

/**
 * Whether planning the file again would give the same. Function ids are compared as well: they must be unique in the
 * program, and another file can now have one of this plan.
 */
function holds(
  kept: KeptPlan,
  meaning: ProgramMeaning,
  file: string,
  earlier: readonly CachePlan[],
): boolean {
  return (
    kept.meaning === meaningIn(meaning, file) &&
    kept.inputs.every(([name, before]) => meaning.of(name) === before) &&
    (kept.subclasses ?? meaning.subclasses) === meaning.subclasses &&
    (kept.all ?? meaning.all) === meaning.all &&
    !kept.emission.plans.some(({ id }) => idsOf(earlier).has(id))
  );
}

interface KnownIds {
  readonly ids: Set<string>;
  /** How many plans of the list, from its start, are in `ids`. */
  count: number;
}

const idsOfPlans = new WeakMap<readonly CachePlan[], KnownIds>();

/** Ids in a list that only grows. */
function idsOf(plans: readonly CachePlan[]): ReadonlySet<string> {
  const known = idsOfPlans.get(plans) ?? { ids: new Set<string>(), count: 0 };
  idsOfPlans.set(plans, known);
  for (; known.count < plans.length; known.count++) known.ids.add(plans[known.count]?.id ?? '');
  return known.ids;
}

function collectOrReuse(
  { meaning, last, current, unsaved, store }: MemoryState,
  files: readonly TS.SourceFile[],
  names: ReadonlySet<string>,
  collect: (files: readonly TS.SourceFile[]) => ProgramFacts,
): ProgramFacts {
  const asked = `${meaning.global} ${hashText([...names].toSorted().join(' '))}`;
  const known = last?.facts ?? store?.facts();
  const before = known?.asked === asked ? known.byFile : undefined;
  const byFile = new Map<string, FileFacts>();
  let isNew = before?.size !== files.length;
  for (const file of files) {
    const { fileName } = file;
    const now = meaning.of(fileName) ?? '';
    const same = before?.get(fileName);
    if (same?.meaning === now) byFile.set(fileName, same);
    else {
      const found = collect([file]);
      const isEmpty = Object.values(found).every((list: readonly unknown[]) => list.length === 0);
      byFile.set(fileName, { meaning: now, facts: isEmpty ? undefined : found });
      isNew = true;
    }
  }
  current.facts = { asked, byFile };
  if (isNew) unsaved.facts = current.facts;
  return mergeFacts([...byFile.values()].flatMap(({ facts }) => facts ?? []));
}

function lastResults(config: string): ProgramResults | undefined {
  const program = latest.get(config)?.deref();
  return program === undefined ? undefined : resultsOf.get(program);
}

function countOwnFiles(program: TS.Program): number {
  return program
    .getSourceFiles()
    .filter((file) => !file.fileName.includes('/node_modules/') && !program.isSourceFileDefaultLibrary(file))
    .length;
}

function optionsOf(program: TS.Program): string {
  // `configFile` is the syntax tree of the tsconfig; what it says is among the other options.
  const withoutTree = (name: string, value: unknown) => (name === 'configFile' ? undefined : value);
  return JSON.stringify(program.getCompilerOptions(), withoutTree);
}

/**
 * The packages of the program as text: their names and versions are part of function ids and code fingerprints.
 * Undefined: they changed while they were read, or there is no tsconfig.
 */
function packagesOf(program: TS.Program, config: string): string | undefined {
  if (config === '') return undefined;
  const recorder = createFactRecorder();
  recordPackages(program, config, recorder);
  const facts = recorder.facts();
  return facts === undefined ? undefined : JSON.stringify([...facts]);
}
