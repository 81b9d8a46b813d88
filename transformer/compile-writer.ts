// One function with `@cacheInvalidate` on its way through the stages: plan → check → generate.
import type { Range } from './1-scan/marker.ts';
import type { SyntaxReader } from './1-scan/syntax-reader.ts';
import type { Writer } from './1-scan/writer.ts';
import { planInvalidate, type WriterPlan } from './3-plan/plan-invalidate.ts';
import type { WriterTypes } from './3-plan/writer-types.ts';
import { typesAreChecked, type Unchecked } from './4-check/types-are-checked.ts';
import type { SiteText } from './5-generate/texts.ts';
import { writeInvalidate } from './5-generate/write-invalidate.ts';
import { freeNames } from './5-generate/write-texts.ts';
import { createDiagnostic, isBlocking } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { ourBug } from './our-bug.ts';

export interface WriterInput {
  readonly file: string;
  readonly syntax: SyntaxReader;
  /** Undefined for a host without types, which cannot find the functions to invalidate. */
  readonly writerTypes?: WriterTypes;
  /** As for cached functions: the keys of the entries to invalidate are built from the types of the arguments. */
  readonly unchecked?: Unchecked | undefined;
  readonly problemOf?: (text: SiteText) => string | undefined;
  /** True when the user's text has a syntax error in `range`. Default: never. */
  readonly isBroken?: (range: Range) => boolean;
}

export interface CompiledWriter {
  /** Undefined: the function stays as written. */
  readonly text: SiteText | undefined;
  readonly plan: WriterPlan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly dependencies: readonly string[];
}

/** Never throws: every problem becomes a diagnostic. */
export function compileWriter(input: WriterInput, writer: Writer): CompiledWriter {
  const { file, syntax, writerTypes } = input;
  const { target, range } = writer;
  if (input.isBroken?.(target.node) === true) {
    const broken = createDiagnostic({ code: 'CK1022', range, args: { name: target.name } }, file);
    return { text: undefined, plan: undefined, diagnostics: [broken], dependencies: [] };
  }
  let plan: WriterPlan | undefined;
  if (input.unchecked !== undefined) {
    const diagnostics = [createDiagnostic(typesAreChecked(input.unchecked, range), file)];
    return { text: undefined, plan, diagnostics, dependencies: [] };
  }
  try {
    if (writerTypes === undefined) throw new Error('there are no types');
    const planned = planInvalidate(writer, writerTypes, file);
    ({ plan } = planned);
    const diagnostics = planned.problems.map((problem) => createDiagnostic(problem, file));
    if (!syntax.isModule)
      diagnostics.push(createDiagnostic({ code: 'CK1021', range, args: { name: target.name } }, file));
    const dependencies = planned.files;
    if (diagnostics.some((one) => isBlocking(one.code)))
      return { text: undefined, plan, diagnostics, dependencies };
    const text = writeInvalidate(plan, freeNames(syntax));
    const problem = input.problemOf?.(text);
    if (problem !== undefined) throw new Error(problem);
    return { text, plan, diagnostics, dependencies };
  } catch (error) {
    return { text: undefined, plan, diagnostics: [ourBug('writer', error, range, file)], dependencies: [] };
  }
}
