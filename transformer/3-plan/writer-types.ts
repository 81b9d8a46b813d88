// Port: what a type checker must answer about the targets of a writer. transformer/host implements it.
import type { Target } from '../1-scan/marker.ts';
import type { InvalidationArg, ValuePath } from '../1-scan/writer.ts';

/** Where a cached function stands: its file, and the offset at which its function (or its call of `cached`) ends. */
export interface SitePlace {
  readonly file: string;
  readonly end: number;
}

export type TargetAnswer =
  | {
      readonly ok: true;
      /** Undefined: in a package, whose source is not here. */
      readonly place: SitePlace | undefined;
      /** What the arguments are and what they should be; undefined: they fit. */
      readonly mismatch: { readonly expected: string; readonly got: string } | undefined;
      /** Files whose change can change this answer. */
      readonly files: readonly string[];
    }
  /** `why`: a clause about the name, such as "is imported as a type only". */
  | { readonly ok: false; readonly why: string; readonly suggestion: string | undefined };

export type ValueAnswer =
  | { readonly ok: true; readonly text: string; readonly isScalar: boolean; readonly isNullable: boolean }
  /** `suggestion` is a whole path. */
  | { readonly ok: false; readonly suggestion: string | undefined };

export interface WriterTypes {
  /** Looks `path` up where the writer stands. `args` undefined: of all calls. */
  targetOf(
    writer: Target,
    path: readonly string[],
    args: readonly InvalidationArg[] | undefined,
  ): TargetAnswer;
  valueOf(writer: Target, path: Pick<ValuePath, 'from' | 'root' | 'steps'>): ValueAnswer;
  /** The result, if there is one, is a promise of the platform; undefined: a `then` of somebody else's, by its name. */
  resultOf(writer: Target): { readonly foreignThen: string | undefined };
}
