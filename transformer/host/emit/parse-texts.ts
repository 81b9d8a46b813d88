// Generated text → nodes that the printer and every later transformer treat as made by hand: no positions, no parents.
import type TS from 'typescript';

/** `NodeFlags.Synthesized`, internal: without it the printer asks the (wrong) source text for literals and comments. */
const SYNTHESIZED = 16;

interface Placed {
  pos: number;
  end: number;
}

/**
 * Parses statements. Identifiers named in `own` point at the user's identifier, so that TypeScript renames them with it
 * (`x` becomes `exports.x` in CommonJS, `N.x` in a namespace).
 *
 * @throws when the text does not parse.
 */
export function parseTexts(
  ts: typeof TS,
  text: string,
  own?: ReadonlyMap<string, TS.Identifier>,
): TS.Statement[] {
  const file = ts.createSourceFile('ck.ts', text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const problems = (file as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics; // internal, always set
  if (problems === undefined || problems.length > 0)
    throw new Error(`generated text does not parse: ${text}`);
  const clear = (place: unknown): void => {
    const placed = place as Placed; // readonly in the public types only
    placed.pos = -1;
    placed.end = -1;
  };
  const strip = (node: TS.Node): void => {
    // Comments die in parsing, so the annotation that bundlers need is put back by hand.
    const isPure =
      ts.isCallExpression(node) && /^\s*\/\*\s*[@#]__PURE__/.test(text.slice(node.pos, node.end));
    ts.forEachChild(node, strip, (list) => {
      clear(list);
      list.forEach(strip);
    });
    clear(node);
    Object.assign(node, { parent: undefined, flags: node.flags | SYNTHESIZED });
    const original = ts.isIdentifier(node) ? own?.get(node.text) : undefined;
    if (original !== undefined) ts.setOriginalNode(node, original);
    if (isPure) ts.addSyntheticLeadingComment(node, ts.SyntaxKind.MultiLineCommentTrivia, '#__PURE__');
  };
  file.statements.forEach(strip);
  return [...file.statements];
}

/**
 * The user's identifiers under `root` by their text; for a file only those of module scope. Names of members are left
 * out: they are not variables.
 */
export function identifiersUnder(ts: typeof TS, root: TS.Node): Map<string, TS.Identifier> {
  const names = new Map<string, TS.Identifier>();
  const isModule = ts.isSourceFile(root);
  const walk = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && !names.has(node.text) && isVariable(ts, node)) names.set(node.text, node);
    if (isModule && ts.isFunctionLike(node)) {
      if (node.name !== undefined) walk(node.name);
      return;
    }
    ts.forEachChild(node, walk);
  };
  walk(root);
  return names;
}

function isVariable(ts: typeof TS, node: TS.Identifier): boolean {
  const parent = node.parent;
  if (parent === undefined || ts.isTypeNode(parent) || ts.isTypeElement(parent)) return false;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    const member = ts.isQualifiedName(parent) ? parent.right : parent.name;
    return member !== node;
  }
  if (ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isMethodDeclaration(parent))
    return parent.name !== node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isBindingElement(parent))
    return parent.propertyName !== node;
  return !ts.isEnumMember(parent);
}
