// Port to the type checker: questions about the functions a writer invalidates. transformer/host implements it.
import type { Target } from '../1-scan/marker.ts';
import type { InvalidationArg, ValuePath } from '../1-scan/writer.ts';
import type { MissingStep } from './key-path.ts';

/** Identifies a cached function: its file, and the offset where the function (or the call of `cached`) ends. */
export interface SitePlace {
  readonly file: string;
  readonly end: number;
}

export type TargetAnswer =
  | {
      readonly ok: true;
      /** Undefined: the function is in a package whose source is not available. */
      readonly place: SitePlace | undefined;
      /** The types of the arguments and those the function expects; undefined: they fit. */
      readonly mismatch: { readonly expected: string; readonly got: string } | undefined;
      /** Files whose change can change this answer. */
      readonly files: readonly string[];
    }
  /** `why`: a clause about the name, such as "is imported as a type only". */
  | { readonly ok: false; readonly why: string; readonly suggestion: string | undefined };

export type ValueAnswer =
  | { readonly ok: true; readonly text: string; readonly isScalar: boolean; readonly isNullable: boolean }
  /** `suggestion` is a whole path without `$`. */
  | { readonly ok: false; readonly suggestion: string | undefined; readonly missing?: MissingStep };

export interface WriterTypes {
  /** Looks `path` up in the scope of the writer. `args` undefined: not compared with the parameters. */
  targetOf(
    writer: Target,
    path: readonly string[],
    args: readonly InvalidationArg[] | undefined,
  ): TargetAnswer;
  /** The type of the value at `path`. */
  valueOf(writer: Target, path: Pick<ValuePath, 'from' | 'root' | 'steps'>): ValueAnswer;
  /** `foreignThen`: name of the result type, if it is a thenable but not the platform's Promise; else undefined. */
  resultOf(writer: Target): { readonly foreignThen: string | undefined };
}
