// Where somebody meant a function to be cached, found without the compiler's own scanner: what `never silent` is about.
import ts from 'typescript';
import type { Emission } from '../../transformer/compile-file.ts';
import type { Diagnostic } from '../../transformer/diagnostics/diagnostic.ts';

export interface MeantMark {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where what follows ends. */
  readonly reach: number;
}

const AT_LINE_START = /(?:^\/\*\*|\n)[ \t*]*@cache(?:Invalidate\b|\.|\s|\*|$)/;

/** Comments with a mark at the start of a line, outside of examples; calls of a `cached` that is imported from us. */
export function marksIn(file: ts.SourceFile): readonly MeantMark[] {
  const found = new Map<number, MeantMark>();
  const { text } = file;
  const take = (start: number, end: number, reach: number): void => {
    found.set(start, { text: text.slice(start, end), start, end, reach });
  };
  const importsCached = /import\s*\{[^}]*\bcached\b(?!\s+as)[^}]*\}\s*from\s*['"]cachekit['"]/.test(text);
  const visit = (node: ts.Node): void => {
    if (importsCached && isCached(node)) take(node.getStart(file), node.end, node.end);
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length > 0) return children.forEach(visit);
    // Text between tags is text, also where it looks like a comment.
    if (ts.isJsxText(node)) return;
    // Comments that follow each other are one mark.
    const comments = ts.getLeadingCommentRanges(text, node.pos) ?? [];
    const marks = comments.filter(({ pos, end }) => {
      const comment = text.slice(pos, end);
      return AT_LINE_START.test(comment) && !/```|@example/.test(comment);
    });
    const [first, last] = [marks.at(0), marks.at(-1)];
    if (first !== undefined && last !== undefined) take(first.pos, last.end, outermost(node).end);
  };
  visit(file);
  return joinModifiers(text, [...found.values()]);
}

/** A comment before `export` and one after it are one mark. */
function joinModifiers(text: string, marks: readonly MeantMark[]): readonly MeantMark[] {
  const joined: MeantMark[] = [];
  for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    const isSame = before !== undefined && /^[\s\w]*$/.test(text.slice(before.end, mark.start));
    if (isSame && mark.start < before.reach) joined[joined.length - 1] = { ...before, end: mark.end };
    else joined.push(mark);
  }
  return joined;
}

/** The largest thing that begins with this token. */
function outermost(token: ts.Node): ts.Node {
  let at = token;
  while (at.parent.pos === token.pos && !ts.isSourceFile(at.parent)) at = at.parent;
  return at;
}

function isCached(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  const callee = ts.isPropertyAccessExpression(expression) ? expression.expression : expression;
  return ts.isIdentifier(callee) && callee.text === 'cached';
}

/** Marks that are neither cached nor spoken of. */
export function silentMarks(
  marks: readonly MeantMark[],
  { plans, writers = [], diagnostics }: Emission,
): readonly MeantMark[] {
  const isInside = (mark: MeantMark, offset: number): boolean => mark.start <= offset && offset <= mark.end;
  // Of what has no name, or two marks, the function is shown.
  const isShown = (mark: MeantMark, { code, range: { start } }: Diagnostic): boolean =>
    (code === 'CK1016' || code === 'CK1009') && mark.start <= start && start <= mark.reach;
  const planned = [...plans.map((plan) => plan.marker.range.start), ...writers.map((one) => one.range.start)];
  return marks.filter(
    (mark) =>
      !planned.some((offset) => isInside(mark, offset)) &&
      !diagnostics.some(
        (one) =>
          (one.severity !== 'info' && one.range.start <= mark.end && one.range.end >= mark.start) ||
          isShown(mark, one),
      ),
  );
}
