// THE pipeline: scan → shape → plan → check → generate. Pure: everything it knows comes in, nothing is kept.
import { scanFile } from './1-scan/scan-file.ts';
import type { Marker } from './1-scan/marker.ts';
import type { SyntaxReader } from './1-scan/syntax-reader.ts';
import { shapeHash } from './2-shape/hash-shape.ts';
import { readSignature } from './2-shape/read-signature.ts';
import type { TypeReader } from './2-shape/type-reader.ts';
import type { CachePlan } from './3-plan/cache-plan.ts';
import { planSite } from './3-plan/plan-site.ts';
import { checkSite } from './4-check/check-site.ts';
import type { FileTexts } from './5-generate/texts.ts';
import { writeKeys } from './5-generate/write-keys.ts';
import { writeTexts, type GeneratedSite } from './5-generate/write-texts.ts';
import { writeValue } from './5-generate/write-value.ts';
import { createDiagnostic, createScanDiagnostic, isBlocking } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { applySeverities } from './diagnostics/overrides.ts';
import type { ResolvedOptions } from './options.ts';

export interface ProjectFacts {
  /** The user's package.json: name and version ('' when there is none). */
  readonly packageName: string;
  readonly packageVersion: string;
  readonly options: ResolvedOptions;
  readonly strictNullChecks: boolean;
}

export interface CompileInput {
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, with forward slashes: part of ids and messages. */
  readonly path: string;
  readonly syntax: SyntaxReader;
  readonly types: TypeReader;
  readonly project: ProjectFacts;
  /** Plans of other files of the project, for what must be unique in it. Default: none. */
  readonly earlier?: readonly CachePlan[];
}

export type StageName = 'scan' | 'shape' | 'plan' | 'check' | 'code';

/** Gets each value as it is made: `scan` and `code` once per file, the others once per function. */
export type OnStage = (stage: StageName, value: unknown) => void;

export interface Emission {
  /** Undefined when nothing is to be inserted. */
  readonly texts: FileTexts | undefined;
  /** Also of functions that an error leaves uncached. */
  readonly plans: readonly CachePlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths whose change can change this emission. */
  readonly dependencies: readonly string[];
}

/**
 * Never throws: what is wrong is a diagnostic, a bug of ours included (CK1407). An error leaves its function as written;
 * the others of the file are cached.
 */
export function compileFile(input: CompileInput, onStage?: OnStage): Emission {
  const { file, syntax, project } = input;
  const scan = scanFile(syntax);
  onStage?.('scan', scan);
  const diagnostics = scan.problems.map((problem) => createScanDiagnostic(problem, file));
  const plans: CachePlan[] = [];
  const sites: GeneratedSite[] = [];
  const dependencies = new Set<string>();
  for (const marker of scan.markers) {
    const site = compileSite(input, marker, [...(input.earlier ?? []), ...plans], onStage);
    diagnostics.push(...site.diagnostics);
    for (const one of site.dependencies) if (one !== file) dependencies.add(one);
    if (site.plan !== undefined) plans.push(site.plan);
    if (site.generated !== undefined) sites.push(site.generated);
  }
  const texts = writeTexts(sites, syntax);
  onStage?.('code', texts);
  return {
    texts,
    plans,
    diagnostics: applySeverities(diagnostics, project.options),
    dependencies: [...dependencies].toSorted(),
  };
}

interface CompiledSite {
  readonly diagnostics: readonly Diagnostic[];
  readonly dependencies: readonly string[];
  readonly plan: CachePlan | undefined;
  /** Undefined: the function stays as written. */
  readonly generated: GeneratedSite | undefined;
}

function compileSite(
  input: CompileInput,
  marker: Marker,
  earlier: readonly CachePlan[],
  onStage: OnStage | undefined,
): CompiledSite {
  let stage: StageName = 'shape';
  const dependencies: string[] = [];
  const diagnostics: Diagnostic[] = [];
  let plan: CachePlan | undefined;
  try {
    const signature = readSignature(input.types, marker.target);
    dependencies.push(...signature.files);
    onStage?.(stage, signature);
    stage = 'plan';
    const code = input.types.codeTokens(marker.target);
    dependencies.push(...code.files);
    const planned = planSite({
      marker,
      signature,
      shapeHash: shapeHash(signature),
      codeTokens: code.text,
      file: input.file,
      path: input.path,
      packageName: input.project.packageName,
      options: input.project.options,
    });
    plan = planned.plan;
    diagnostics.push(...planned.problems.map((problem) => createDiagnostic(problem, input.file)));
    onStage?.(stage, plan);
    if (plan === undefined) return { diagnostics, dependencies, plan, generated: undefined };
    stage = 'check';
    const { strictNullChecks } = input.project;
    diagnostics.push(...checkModule(input, marker), ...checkSite(plan, { strictNullChecks, earlier }));
    onStage?.(stage, diagnostics);
    stage = 'code';
    const isBlocked = diagnostics.some((one) => isBlocking(one.code));
    return { diagnostics, dependencies, plan, generated: isBlocked ? undefined : generate(plan) };
  } catch (error) {
    const args = { stage, error: error instanceof Error ? error.message : String(error) };
    diagnostics.push(createDiagnostic({ code: 'CK1407', range: marker.range, args }, input.file));
    return { diagnostics, dependencies, plan, generated: undefined };
  }
}

function generate(plan: CachePlan): GeneratedSite {
  const { signature, key } = plan;
  const bound = signature.bound.map((param) => param.name);
  const { keys, pick } = writeKeys(key, signature.refs, bound);
  return { plan, functions: { keys, pick, value: writeValue(signature.result, signature.refs) } };
}

/** A generated import would make a module of a script, and its globals would be gone. */
function checkModule({ syntax, file }: CompileInput, marker: Marker): readonly Diagnostic[] {
  if (syntax.isModule) return [];
  const args = { name: marker.target.name, what: 'function of a script (the file has no import or export)' };
  return [createDiagnostic({ code: 'CK1006', range: marker.range, args }, file)];
}
