// The pipeline: scan → shape → plan → check → generate. A pure function of its input.
import type { Marker, Range, ScanResult } from './1-scan/marker.ts';
import { scanFile } from './1-scan/scan-file.ts';
import type { SyntaxReader } from './1-scan/syntax-reader.ts';
import { shapeHash } from './2-shape/hash-shape.ts';
import { readSignature } from './2-shape/read-signature.ts';
import type { TypeReader } from './2-shape/type-reader.ts';
import type { SignatureShape } from './2-shape/type-shape.ts';
import type { CachePlan } from './3-plan/cache-plan.ts';
import { keyFunctionOf } from './3-plan/parse-settings.ts';
import type { WriterPlan } from './3-plan/plan-invalidate.ts';
import { readAtCall } from './3-plan/plan-key.ts';
import { planSite, type PlanInput } from './3-plan/plan-site.ts';
import { selfOf } from './3-plan/read-self.ts';
import type { WriterTypes } from './3-plan/writer-types.ts';
import { applyAllows, type Said } from './4-check/apply-allows.ts';
import { checkSite } from './4-check/check-site.ts';
import { checkConfigure } from './4-check/configure-is-safe.ts';
import { checkHandles, handlesOf } from './4-check/handles-are-known.ts';
import { typesAreChecked, type Unchecked } from './4-check/types-are-checked.ts';
import { createClassModules, type ClassModules } from './5-generate/class-modules.ts';
import { largeCode } from './5-generate/large-code.ts';
import type { FileTexts, SiteText } from './5-generate/texts.ts';
import { writeFloats } from './5-generate/write-floats.ts';
import { writeKeys } from './5-generate/write-keys.ts';
import { writeRules } from './5-generate/write-rules.ts';
import { freeNames, joinTexts, writeSite, type GeneratedSite } from './5-generate/write-texts.ts';
import { writeValue } from './5-generate/write-value.ts';
import { compileWriter } from './compile-writer.ts';
import { createDiagnostic, createScanDiagnostic, isBlocking } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { Finding } from './diagnostics/finding.ts';
import { applySeverities } from './diagnostics/overrides.ts';
import type { ResolvedOptions } from './options.ts';
import { ourBug, ourBugIn } from './our-bug.ts';
import { readOptionTokens } from './read-option-tokens.ts';

interface ProjectFacts {
  /** From the user's package.json; '' when there is none. */
  readonly packageName: string;
  readonly packageVersion: string;
  readonly options: ResolvedOptions;
  readonly strictNullChecks: boolean;
}

export interface CompileInput {
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, with forward slashes. Part of ids and messages. */
  readonly path: string;
  readonly syntax: SyntaxReader;
  readonly types: TypeReader;
  /** Needed for functions with `@cacheInvalidate`. */
  readonly writerTypes?: WriterTypes;
  readonly project: ProjectFacts;
  /** Plans of other files, for rules about what must be unique in the project. Default: none. */
  readonly earlier?: readonly CachePlan[];
  /** Set when nobody type-checks the file; then nothing in it is cached. Default: it is type-checked. */
  readonly unchecked?: Unchecked | undefined;
  /** Parses the generated text of one site and returns a syntax error; undefined: none. Default: not checked. */
  readonly problemOf?: (text: SiteText) => string | undefined;
  /** True when the user's text has a syntax error in `range`. Default: never. */
  readonly isBroken?: (range: Range) => boolean;
}

export type StageName = 'scan' | 'shape' | 'plan' | 'check' | 'code';

/** Called with the result of each stage: `scan` once per file, the others once per function. */
export type OnStage = (stage: StageName, value: unknown, marker?: Marker) => void;

export interface Emission {
  /** Undefined when nothing is to be inserted. */
  readonly texts: FileTexts | undefined;
  /** Includes functions that stay uncached because of an error. */
  readonly plans: readonly CachePlan[];
  /** Functions with `@cacheInvalidate`, including those that stay as written because of an error. Default: none. */
  readonly writers?: readonly WriterPlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths of other files whose change can change this emission; sorted. */
  readonly dependencies: readonly string[];
}

/**
 * Never throws: every problem, a bug of the compiler included (CK1407), becomes a diagnostic. A function with an error
 * stays as written; the other functions of the file are cached.
 */
export function compileFile(input: CompileInput, onStage?: OnStage): Emission {
  const { file, syntax, project } = input;
  const modules = createClassModules(freeNames(syntax));
  const said: Said[] = [];
  const scan = scanOf(input, said);
  onStage?.('scan', scan);
  for (const problem of scan.problems)
    said.push({ diagnostic: createScanDiagnostic(problem, file), marker: undefined });
  for (const finding of [...configureProblems(input), ...checkHandles(syntax, scan)])
    said.push({ diagnostic: createDiagnostic(finding, file), marker: undefined });
  const plans: CachePlan[] = [];
  const texts: SiteText[] = [];
  const dependencies = new Set<string>();
  for (const marker of scan.markers) {
    const site: OpenSite = { input, marker, modules, diagnostics: [], dependencies, plan: undefined };
    const text = compileSite(site, [...(input.earlier ?? []), ...plans], texts.length, onStage);
    said.push(...site.diagnostics.map((diagnostic) => ({ diagnostic, marker })));
    if (site.plan !== undefined) plans.push(site.plan);
    if (text !== undefined) texts.push(text);
  }
  const writers: WriterPlan[] = [];
  for (const writer of scan.writers) {
    const compiled = compileWriter(input, writer);
    said.push(...compiled.diagnostics.map((diagnostic) => ({ diagnostic, marker: undefined })));
    if (compiled.plan !== undefined) writers.push(compiled.plan);
    if (compiled.text !== undefined) texts.push(compiled.text);
    for (const one of compiled.dependencies) dependencies.add(one);
  }
  dependencies.delete(file);
  return {
    texts: joinTexts(texts, syntax, modules),
    plans,
    ...(writers.length > 0 && { writers }),
    diagnostics: applySeverities(applyAllows(said, scan.allows, file), project.options),
    dependencies: [...dependencies].toSorted(),
  };
}

function configureProblems({ syntax, project }: CompileInput): readonly Finding[] {
  return checkConfigure(syntax, { library: project.options.library });
}

const NO_MARKERS: ScanResult = { markers: [], refused: [], allows: [], writers: [], problems: [] };

function scanOf({ file, syntax }: CompileInput, said: Said[]): ScanResult {
  try {
    return scanFile(syntax);
  } catch (error) {
    said.push({ diagnostic: ourBugIn('scan', error, file), marker: undefined });
    return NO_MARKERS;
  }
}

/** One marked function on its way through the stages. */
interface OpenSite {
  readonly input: CompileInput;
  readonly marker: Marker;
  readonly modules: ClassModules;
  readonly diagnostics: Diagnostic[];
  readonly dependencies: Set<string>;
  plan: CachePlan | undefined;
}

/** Diagnostics and the plan go into `site`. Undefined: the function stays as written. */
function compileSite(
  site: OpenSite,
  earlier: readonly CachePlan[],
  index: number,
  onStage: OnStage | undefined,
): SiteText | undefined {
  const { input, marker, diagnostics } = site;
  const { file, syntax, project, unchecked } = input;
  if (unchecked !== undefined) {
    diagnostics.push(createDiagnostic(typesAreChecked(unchecked, marker.range), file));
    return undefined;
  }
  if (input.isBroken?.(marker.target.node) === true) {
    const args = { name: marker.target.name };
    diagnostics.push(createDiagnostic({ code: 'CK1022', range: marker.range, args }, file));
    return undefined;
  }
  let stage: StageName = 'shape';
  const done = (value: unknown): void => onStage?.(stage, value, marker);
  try {
    const self = selfOf(marker);
    const signature = readSignature(input.types, marker.target, {
      selfPath: self?.kind === 'path' ? self.names : undefined,
      keyFunction: keyFunctionOf(marker)?.range,
    });
    for (const one of signature.files) site.dependencies.add(one);
    done(signature);
    stage = 'plan';
    const { plan, problems } = planSite(planInput(site, signature));
    site.plan = plan;
    diagnostics.push(...problems.map((problem) => createDiagnostic(problem, file)));
    done(plan);
    if (plan === undefined) return undefined;
    stage = 'check';
    const { strictNullChecks } = project;
    diagnostics.push(
      ...checkModule(input, marker),
      ...checkSite(plan, { strictNullChecks, earlier, sensitiveNames: project.options.sensitiveNames }),
    );
    done(diagnostics);
    if (diagnostics.some((one) => isBlocking(one.code))) return undefined;
    stage = 'code';
    const generated = generate(plan, site.modules);
    for (const finding of largeCode(plan, generated.functions))
      diagnostics.push(createDiagnostic(finding, file));
    const text = writeSite(generated, index, syntax, handlesOf(syntax, marker.target));
    const problem = input.problemOf?.(text);
    if (problem !== undefined) throw new Error(problem);
    done(text);
    return text;
  } catch (error) {
    diagnostics.push(ourBug(stage, error, marker.range, file));
    return undefined;
  }
}

function planInput({ input, marker, dependencies }: OpenSite, signature: SignatureShape): PlanInput {
  const { types, file, path, project } = input;
  const code = types.codeTokens(marker.target);
  const { tokens, files } = readOptionTokens(types, marker);
  for (const one of [...code.files, ...files]) dependencies.add(one);
  return {
    marker,
    signature,
    shapeHash: shapeHash(signature),
    codeTokens: code.text,
    optionTokens: tokens,
    file,
    path,
    packageName: project.packageName,
    options: project.options,
  };
}

function generate(plan: CachePlan, { reach }: ClassModules): GeneratedSite {
  const { signature, key } = plan;
  const bound = signature.bound.map((param) => param.name);
  const { keys, pick } = writeKeys(key, signature.refs, bound, reach);
  const rules = writeRules(plan.rules, bound.length + readAtCall(key).length);
  const floats =
    plan.settings.interop === undefined
      ? undefined
      : writeFloats(
          key.parts.map((part) => part.shape),
          signature,
        );
  return {
    plan,
    functions: { keys, pick, rules, floats, value: writeValue(signature.result, signature.refs, reach) },
  };
}

/** CK1021: a generated import would turn a script into a module, and its globals would no longer be global. */
function checkModule({ syntax, file }: CompileInput, { range, target }: Marker): readonly Diagnostic[] {
  return syntax.isModule
    ? []
    : [createDiagnostic({ code: 'CK1021', range, args: { name: target.name } }, file)];
}
