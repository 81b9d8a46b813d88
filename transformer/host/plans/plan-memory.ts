// What was planned for programs before this one, in this process (watch modes) or in another: an edit is one file, and the
// plans of all files whose meaning it leaves alone are what they were.
import type TS from 'typescript';
import type { CachePlan } from '../../3-plan/cache-plan.ts';
import type { ProgramFacts } from '../../4-check/program-facts.ts';
import type { Emission } from '../../compile-file.ts';
import { cachedPlans } from '../cached-plans.ts';
import type { SourceCompiler } from '../compile-source.ts';
import { isPlain } from '../is-plain.ts';
import { createFactRecorder, hashText } from './input-facts.ts';
import { meaningOf, type ProgramMeaning } from './program-meaning.ts';
import { openProgramStore, type ProgramStore } from './program-store.ts';
import { recordPackages } from './record-host.ts';

export interface PlanMemory {
  /** As the compiler it was made from, and remembers. */
  readonly compile: SourceCompiler;
  /** What `collect` says about these files, asked only for those that can say something else than before. */
  facts(
    files: readonly TS.SourceFile[],
    names: ReadonlySet<string>,
    collect: (files: readonly TS.SourceFile[]) => ProgramFacts,
  ): ProgramFacts;
  /** What is new in this program, for other processes. Once, when all is asked. */
  save(): void;
}

export interface MemoryOptions {
  /** Absolute path of the tsconfig; '' for none: nothing is remembered. */
  readonly config: string;
  /** What of cachekit itself decides the plans. */
  readonly salt: string;
  /** Where other processes find the plans. Default: they do not. */
  readonly folder?: string | undefined;
}

/** A plan and what it was made from. */
export interface KeptPlan {
  readonly emission: Emission;
  readonly meaning: string;
  /** Of further files that decide about it: mostly, but not always, among those it imports. */
  readonly inputs: readonly (readonly [file: string, meaning: string])[];
  /** Where a subclass can replace a method that is called. */
  readonly subclasses: string | undefined;
  /** Where it reached too far: that depends on how many files there are. */
  readonly all: string | undefined;
}

/** What files say about the functions of some names. */
export interface KeptFacts {
  /** What decides about all of them alike. */
  readonly asked: string;
  readonly byFile: ReadonlyMap<string, FileFacts>;
}

interface FileFacts {
  readonly meaning: string;
  /** Undefined: nothing is said. */
  readonly facts: ProgramFacts | undefined;
}

/** One program and what was found out about its files. */
interface Round {
  /** Another world, other plans. */
  readonly world: string;
  readonly plans: Map<string, KeptPlan>;
  facts: KeptFacts | undefined;
}

/** What is not on disk yet. */
interface Unsaved {
  readonly plans: Map<string, KeptPlan>;
  facts: KeptFacts | undefined;
}

/** Reported only beside other files, or a bug of ours: not a fact about the file. */
const NOT_STORED = new Set(['CK1017', 'CK1407']);

const rounds = new WeakMap<TS.Program, Round>();
/** tsconfig → its last program. */
const latest = new Map<string, WeakRef<TS.Program>>();

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
  const decidedBy = `${ts.version} ${salt} ${optionsOf(program)} ${packages}`;
  const last = lastRound(config);
  const isComparable = last?.world === decidedBy;
  const round: Round = { world: decidedBy, plans: new Map(), facts: undefined };
  rounds.set(program, round);
  latest.set(config, new WeakRef(program));
  const store = folder === undefined ? undefined : openProgramStore(folder, config, decidedBy);
  const place: Place = {
    meaning,
    ownFiles: countOwnFiles(program),
    last: isComparable ? last : undefined,
    round,
    unsaved: { plans: new Map(), facts: undefined },
    store,
  };
  return {
    compile(current, source, plans, onStage) {
      if (current !== program || onStage !== undefined) return compile(current, source, plans, onStage);
      if (isPlainFile(source)) return undefined;
      return compileKept(place, source.fileName, plans, () => compile(current, source, plans));
    },
    facts: (files, names, collect) => factsKept(place, files, names, collect),
    save: () => store?.write(place.unsaved.plans, place.unsaved.facts),
  };
}

interface Place {
  readonly meaning: ProgramMeaning;
  readonly ownFiles: number;
  readonly last: Round | undefined;
  readonly round: Round;
  readonly unsaved: Unsaved;
  readonly store: ProgramStore | undefined;
}

/** In watch modes most files of a program are those of the last. */
const plain = new WeakMap<TS.SourceFile, boolean>();

function isPlainFile(file: TS.SourceFile): boolean {
  const known = plain.get(file) ?? isPlain(file.text);
  plain.set(file, known);
  return known;
}

function compileKept(
  { meaning, ownFiles, last, round, unsaved, store }: Place,
  file: string,
  earlier: readonly CachePlan[],
  compile: () => Emission | undefined,
): Emission | undefined {
  const isKept = (kept: KeptPlan | undefined): kept is KeptPlan =>
    kept !== undefined && holds(kept, meaning, file, earlier);
  // What this process planned last is also what lies on disk.
  const kept = last?.plans.get(file) ?? store?.plan(file);
  if (isKept(kept)) {
    round.plans.set(file, kept);
    return kept.emission;
  }
  const emission = compile();
  const made = emission === undefined ? undefined : keptOf(emission, meaning, file, ownFiles);
  if (made === undefined) return emission;
  round.plans.set(file, made);
  if (!made.emission.diagnostics.some(({ code }) => NOT_STORED.has(code))) unsaved.plans.set(file, made);
  return emission;
}

/** Of what is global, of the file, and of all that it imports. */
function meaningIn(meaning: ProgramMeaning, file: string): string {
  return `${meaning.global} ${meaning.of(file) ?? ''}`;
}

/**
 * Undefined: it is planned again in any case. What an error left uncached may have its cause in another file, and what
 * depends on something outside of the program cannot be told from here.
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
    all: dependencies.length >= ownFiles - 1 ? meaning.all : undefined,
  };
}

/** Planning the file again would give the same. Identities must be unique in the program, which no file says. */
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
  /** Of the list, from its start. */
  count: number;
}

const idsOfPlans = new WeakMap<readonly CachePlan[], KnownIds>();

/** Of a list that only grows. */
function idsOf(plans: readonly CachePlan[]): ReadonlySet<string> {
  const known = idsOfPlans.get(plans) ?? { ids: new Set<string>(), count: 0 };
  idsOfPlans.set(plans, known);
  for (; known.count < plans.length; known.count++) known.ids.add(plans[known.count]?.id ?? '');
  return known.ids;
}

function factsKept(
  { meaning, last, round, unsaved, store }: Place,
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
  round.facts = { asked, byFile };
  if (isNew) unsaved.facts = round.facts;
  const parts = [...byFile.values()].flatMap(({ facts }) => facts ?? []);
  return {
    calls: parts.flatMap((one) => one.calls),
    writes: parts.flatMap((one) => one.writes),
    usesAtOnce: parts.flatMap((one) => one.usesAtOnce),
    tags: parts.flatMap((one) => one.tags),
    allows: parts.flatMap((one) => one.allows),
  };
}

function lastRound(config: string): Round | undefined {
  const program = latest.get(config)?.deref();
  return program === undefined ? undefined : rounds.get(program);
}

function countOwnFiles(program: TS.Program): number {
  return program
    .getSourceFiles()
    .filter((file) => !file.fileName.includes('/node_modules/') && !program.isSourceFileDefaultLibrary(file))
    .length;
}

function optionsOf(program: TS.Program): string {
  // The tsconfig as a syntax tree is among the options; what it says is there as well.
  const withoutTree = (name: string, value: unknown) => (name === 'configFile' ? undefined : value);
  return JSON.stringify(program.getCompilerOptions(), withoutTree);
}

/** Names and versions of packages are in ids and in versions of code. */
function packagesOf(program: TS.Program, config: string): string | undefined {
  if (config === '') return undefined;
  const recorder = createFactRecorder();
  recordPackages(program, config, recorder);
  const facts = recorder.facts();
  return facts === undefined ? undefined : JSON.stringify([...facts]);
}
