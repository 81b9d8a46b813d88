// A condition of a comment, `unless="result.rows.length == 0"`, as a tree. Plain JSON.
import type { Range } from '../1-scan/marker.ts';

export type BinaryOperator = '&&' | '||' | '??' | '==' | '!=';

/** `root.steps…`; every step is optional at run time. `range`: in the text of the condition. */
export interface WrittenPath {
  readonly root: string;
  readonly steps: readonly string[];
  readonly range: Range;
}

/** `P`: what a path is. */
export type Expression<P = WrittenPath> =
  | (P & { readonly kind: 'path' })
  /** Undefined is `undefined`; it has no JSON form of its own. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'not'; readonly operand: Expression<P> }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression<P>;
      readonly right: Expression<P>;
    };

/** All paths, in the order of the text. */
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
