// What `ls` and `explain` show of one function with `@cacheInvalidate`.
import type { PlannedInvalidation, WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { InvalidationLink } from '../4-check/invalidation-links.ts';
import { nameOfPlan } from '../4-check/program-rule.ts';
import type { CliContext } from './cli-context.ts';
import { placeAt, placeOf } from './compile-all.ts';

export interface WriterFacts {
  readonly name: string;
  readonly place: string;
  readonly invalidates: readonly InvalidationFacts[];
}

interface InvalidationFacts {
  /** As written. */
  readonly text: string;
  readonly kind: 'call' | 'all calls' | 'tag';
  /** The cached functions of the project whose entries it invalidates. */
  readonly functions: readonly { readonly name: string; readonly place: string; readonly id: string }[];
}

/** @param links links of the whole project. */
export function writerFacts(
  writer: WriterPlan,
  links: readonly InvalidationLink[],
  context: CliContext,
): WriterFacts {
  return {
    name: writerName(writer),
    place: writerPlace(writer, context),
    invalidates: writer.invalidations.map((one) => ({
      text: one.text,
      kind: kindOf(one),
      functions: links
        .filter((link) => isSame(link, writer, one))
        .map(({ site }) => ({ name: nameOfPlan(site), place: placeOf(site, context), id: site.id })),
    })),
  };
}

export function writerName({ target, name }: WriterPlan): string {
  return target.qualifiedName ?? name;
}

export function writerPlace({ file, target }: WriterPlan, context: CliContext): string {
  return placeAt(file, target.nameRange.start, context);
}

function kindOf(one: PlannedInvalidation): InvalidationFacts['kind'] {
  if (one.kind === 'tag') return 'tag';
  return one.args === undefined ? 'all calls' : 'call';
}

/** Compares places, as a file compiled twice has two plan objects for one writer. */
function isSame(link: InvalidationLink, writer: WriterPlan, one: PlannedInvalidation): boolean {
  return link.writer.file === writer.file && link.invalidation.range.start === one.range.start;
}
