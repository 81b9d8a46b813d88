// The syntax tree of a condition in a comment, such as `unless="result.rows.length == 0"`. Plain JSON.
import type { Range } from '../1-scan/marker.ts';

export type BinaryOperator = '&&' | '||' | '??' | '==' | '!=';

/** `root.step.step`; at run time every step is like `?.`. `range` is relative to the text of the condition. */
export interface WrittenPath {
  readonly root: string;
  readonly steps: readonly string[];
  readonly range: Range;
}

/** `P` is the form of paths: as written, or resolved. */
export type Expression<P = WrittenPath> =
  | (P & { readonly kind: 'path' })
  /** `undefined` is a kind of its own because JSON cannot hold it as a value. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'not'; readonly operand: Expression<P> }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression<P>;
      readonly right: Expression<P>;
    };

/** All paths, in source order. */
export function pathsOf(expression: Expression): readonly WrittenPath[] {
  switch (expression.kind) {
    case 'path':
      return [expression];
    case 'not':
      return pathsOf(expression.operand);
    case 'binary':
      return [...pathsOf(expression.left), ...pathsOf(expression.right)];
    default:
      return [];
  }
}
