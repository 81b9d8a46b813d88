// What needs all files of a program compiled: the checks of the whole program, and the manifests.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { checkProgram } from '../4-check/check-program.ts';
import type { ProgramFacts } from '../4-check/program-facts.ts';
import type { Emission } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SeverityOptions } from '../diagnostics/overrides.ts';
import { ourBugIn } from '../our-bug.ts';
import { cachedPlans, workingWriters } from './cached-plans.ts';
import { updateManifest } from './manifest.ts';
import { mergeFacts } from './merge-facts.ts';

/** One tsconfig, and what was compiled for it. */
export interface ProgramMember {
  /** Absolute path of the tsconfig; undefined: the program was created without one. */
  readonly config: string | undefined;
  readonly options: SeverityOptions & { readonly manifest: string | false };
  /** By file. */
  readonly compiled: ReadonlyMap<string, Emission>;
  /** What the files say about cached functions of these names. */
  facts(names: ReadonlySet<string>): ProgramFacts;
}

/** Runs the checks of the whole program over all members that are built together. Never throws. */
export function checkWholeProgram(members: readonly ProgramMember[]): readonly Diagnostic[] {
  try {
    return check(members);
  } catch (error) {
    // The functions stay cached, but the user must learn that they were not checked.
    const [file] = members.flatMap(({ compiled }) => [...compiled.keys()]);
    return file === undefined ? [] : [ourBugIn('program', error, file)];
  }
}

function check(members: readonly ProgramMember[]): readonly Diagnostic[] {
  const emissions = members.flatMap((member) => [...member.compiled.values()]);
  const plans = emissions.flatMap((emission) => emission.plans);
  const writers = emissions.flatMap((emission) => emission.writers ?? []);
  const names = namesOf(plans);
  const facts = mergeFacts(members.map((member) => member.facts(names)));
  const [first] = members;
  const optionsOf = (file: string) =>
    (members.find((member) => member.compiled.has(file)) ?? first)?.options ?? NO_OPTIONS;
  const ofFiles = emissions.flatMap((emission) => emission.diagnostics);
  return checkProgram({ plans, writers, facts, ofFiles }, optionsOf);
}

const NO_OPTIONS: SeverityOptions = { severities: {}, strict: false };

/** The names by which code can call or use the planned functions. */
function namesOf(plans: readonly CachePlan[]): ReadonlySet<string> {
  return new Set(
    plans.flatMap(({ name, marker }) => [name, marker.target.qualifiedName?.split('.').at(-1) ?? name]),
  );
}

/** What writing the manifests brought up. */
export interface WrittenManifests {
  /** CK3004, CK3005, CK3008. */
  readonly diagnostics: readonly Diagnostic[];
  /** Why manifests could not be read or written, as sentences. */
  readonly problems: readonly string[];
}

/** Writes the manifests of the members whose options ask for one. */
export function writeManifests(
  members: readonly ProgramMember[],
  textOf: (file: string) => string,
): WrittenManifests {
  const written = members.flatMap(({ config, options, compiled }) => {
    const { manifest } = options;
    if (config === undefined || manifest === false) return [];
    const emissions = [...compiled.values()];
    const plans = emissions.flatMap(cachedPlans);
    const writers = emissions.flatMap(workingWriters);
    return updateManifest({ config, path: manifest, plans, writers, textOf });
  });
  return {
    diagnostics: written.flatMap((one) => one.diagnostics),
    problems: written.flatMap((one) => one.problem ?? []),
  };
}
