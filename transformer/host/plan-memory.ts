// What was planned for the program before this one: in watch modes an edit is one file, and the plans of all files whose
// meaning it leaves alone are those of the last round.
import type TS from 'typescript';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { ProgramFacts } from '../4-check/program-facts.ts';
import type { Emission } from '../compile-file.ts';
import { cachedPlans } from './cached-plans.ts';
import type { SourceCompiler } from './compile-source.ts';
import { comparePrograms, type Comparison } from './compare-programs.ts';
import { createFactRecorder, type Facts } from './input-facts.ts';
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
}

export interface MemoryOptions {
  /** Absolute path of the tsconfig; '' for none: nothing is remembered. */
  readonly config: string;
  /** What of cachekit itself decides the plans. */
  readonly salt: string;
}

/** One program and what was found out about its files. */
interface Round {
  readonly ts: typeof TS;
  readonly decidedBy: string;
  readonly packages: Facts | undefined;
  readonly ownFiles: number;
  readonly emissions: Map<string, Emission | undefined>;
  /** Of `names`. */
  readonly facts: Map<string, ProgramFacts>;
  names: string;
}

/** What is asked of an emission in every round. */
interface Traits {
  readonly isWhole: boolean;
  readonly callsOwnMethods: boolean;
}

const traits = new WeakMap<Emission, Traits>();

const rounds = new WeakMap<TS.Program, Round>();
/** tsconfig → its last program. */
const latest = new Map<string, WeakRef<TS.Program>>();

export function openPlanMemory(
  ts: typeof TS,
  program: TS.Program,
  { config, salt }: MemoryOptions,
  compile: SourceCompiler,
): PlanMemory {
  const round: Round = {
    ts,
    decidedBy: decidedBy(program, salt),
    packages: packagesOf(program, config),
    ownFiles: countOwnFiles(program),
    emissions: new Map(),
    facts: new Map(),
    names: '',
  };
  const earlier = earlierRound(config, round);
  const last = earlier?.round;
  const ownFiles = last?.ownFiles ?? 0;
  const comparison = earlier === undefined ? undefined : compare(earlier, program);
  rounds.set(program, round);
  if (config !== '') latest.set(config, new WeakRef(program));
  const isKept = (source: TS.SourceFile, emission: Emission | undefined, plans: readonly CachePlan[]) =>
    comparison !== undefined && comparison.same.has(source) && holds(emission, comparison, ownFiles, plans);
  return {
    compile(current, source, plans, onStage) {
      const { fileName } = source;
      const known = last?.emissions.get(fileName);
      const isKnown = current === program && last?.emissions.has(fileName) === true && onStage === undefined;
      const emission =
        isKnown && isKept(source, known, plans) ? known : compile(current, source, plans, onStage);
      if (current === program) round.emissions.set(fileName, emission);
      return emission;
    },
    facts(files, names, collect) {
      round.names = [...names].toSorted().join(' ');
      const isSameQuestion = last?.names === round.names;
      const parts = files.map((file) => {
        const known =
          isSameQuestion && comparison?.same.has(file) === true ? last?.facts.get(file.fileName) : undefined;
        const found = known ?? collect([file]);
        round.facts.set(file.fileName, found);
        return found;
      });
      return {
        calls: parts.flatMap((one) => one.calls),
        writes: parts.flatMap((one) => one.writes),
        usesAtOnce: parts.flatMap((one) => one.usesAtOnce),
        tags: parts.flatMap((one) => one.tags),
        allows: parts.flatMap((one) => one.allows),
      };
    },
  };
}

interface Earlier {
  readonly program: TS.Program;
  readonly round: Round;
}

function earlierRound(config: string, now: Round): Earlier | undefined {
  const program = latest.get(config)?.deref();
  const round = program === undefined ? undefined : rounds.get(program);
  if (program === undefined || round === undefined) return undefined;
  const isComparable =
    round.ts === now.ts &&
    round.decidedBy === now.decidedBy &&
    round.packages !== undefined &&
    now.packages !== undefined &&
    isEqual(round.packages, now.packages);
  return isComparable ? { program, round } : undefined;
}

function compare({ program: before, round }: Earlier, now: TS.Program): Comparison {
  const inputsOf = (file: string) => round.emissions.get(file)?.dependencies ?? [];
  return comparePrograms(round.ts, before, now, inputsOf);
}

/**
 * What the files do not say: identities must be unique in the program, subclasses anywhere decide about methods that call
 * methods of their object, and what reached too far depends on all files.
 */
function holds(
  emission: Emission | undefined,
  { isSameList, mayExtend }: Comparison,
  ownFiles: number,
  earlier: readonly CachePlan[],
): boolean {
  if (emission === undefined) return true;
  const { plans, dependencies } = emission;
  const { isWhole, callsOwnMethods } = traitsOf(emission);
  if (!isWhole || (mayExtend && callsOwnMethods)) return false;
  if (!isSameList && dependencies.length >= ownFiles - 1) return false;
  return !plans.some(({ id }) => earlier.some((other) => other.id === id));
}

function traitsOf(emission: Emission): Traits {
  const known = traits.get(emission);
  if (known !== undefined) return known;
  const { plans } = emission;
  const found = {
    // What an error left uncached is looked at again: its cause may lie in another file.
    isWhole: cachedPlans(emission).length === plans.length,
    callsOwnMethods: plans.some(({ marker }) => (marker.target.thisCalls ?? []).length > 0),
  };
  traits.set(emission, found);
  return found;
}

function countOwnFiles(program: TS.Program): number {
  return program
    .getSourceFiles()
    .filter((file) => !file.fileName.includes('/node_modules/') && !program.isSourceFileDefaultLibrary(file))
    .length;
}

function decidedBy(program: TS.Program, salt: string): string {
  // The tsconfig as a syntax tree is among the options; what it says is there as well.
  const withoutTree = (name: string, value: unknown) => (name === 'configFile' ? undefined : value);
  return `${salt} ${JSON.stringify(program.getCompilerOptions(), withoutTree)}`;
}

/** Names and versions of packages are in ids and in versions of code. */
function packagesOf(program: TS.Program, config: string): Facts | undefined {
  if (config === '') return undefined;
  const recorder = createFactRecorder();
  recordPackages(program, config, recorder);
  return recorder.facts();
}

function isEqual(a: Facts, b: Facts): boolean {
  return a.size === b.size && [...a].every(([question, answer]) => b.get(question) === answer);
}
