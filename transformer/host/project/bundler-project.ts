// A project for hosts that compile asynchronously (bundlers). It loads the compiler, which is most of this package,
// with the first file that the plan cache does not have: in a build where nothing changed, never.
import { dirname, resolve } from 'node:path';
import type { CachePlan } from '../../3-plan/cache-plan.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { useCompileCache } from '../compile-cache.ts';
import { isPlain } from '../is-plain.ts';
import { withPlanCache, type Behind } from '../plans/plan-cache.ts';
import { requireNode } from '../supported-node.ts';
import type { CompiledFile, ProjectOptions, TypedProject } from './project.ts';
import { findStart } from './read-config.ts';
import { EMPTY_EMISSION } from '../empty-emission.ts';

/** The asynchronous form of `Project`: what is said there holds for the members of the same name. */
export interface BundlerProject {
  /** @throws when there is no tsconfig or it cannot be read. */
  compile(file: string, text: string): Promise<CompiledFile>;
  update(file: string, text?: string): void;
  refresh(): void;
  /** CK1404 for each of these functions that cannot be cached in code for browsers. */
  browserProblems(plans: readonly CachePlan[]): Promise<readonly Diagnostic[]>;
}

/** @throws on a Node.js that is too old. */
export function openBundlerProject(options: ProjectOptions = {}): BundlerProject {
  requireNode();
  const cwd = options.cwd ?? process.cwd();
  const typed = openLater({ ...options, cwd });
  const project = withPlanCache(typed, cwd);
  return {
    async compile(path, text) {
      if (isPlain(text)) return EMPTY_EMISSION;
      const file = resolve(cwd, path);
      const stored = typed.isLoaded() ? undefined : project.stored(file, text);
      if (stored !== undefined) return stored;
      await typed.load();
      return project.compile(file, text);
    },
    update: (file, text) => project.update(file, text),
    refresh: () => project.refresh(),
    async browserProblems(plans) {
      const { browserProblems } = await import('../../4-check/browser-problems.ts');
      return browserProblems(plans);
    },
  };
}

type LateProject = Behind & { isLoaded(): boolean; load(): Promise<void> };

/** A typed project that is opened by `load`. Before that there is no program to update, and nothing may be compiled. */
function openLater(options: ProjectOptions): LateProject {
  let loaded: TypedProject | undefined;
  const project = (): TypedProject => {
    if (loaded === undefined) throw new Error('The compiler is asked before it is loaded.');
    return loaded;
  };
  return {
    isLoaded: () => loaded !== undefined,
    async load() {
      useCompileCache();
      const { openTypedProject } = await import('./typed-project.ts');
      loaded ??= openTypedProject(options);
    },
    startOf: (file) => findStart(options, dirname(file)),
    isOpen: (start) => loaded?.isOpen(start) ?? false,
    update: (file, text) => loaded?.update(file, text),
    refresh: () => loaded?.refresh(),
    compile: (file, text, onStage) => project().compile(file, text, onStage),
    factsOf: (start, compiled) => project().factsOf(start, compiled),
  };
}
