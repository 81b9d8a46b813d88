// Parses generated text into synthetic nodes: without positions and parents, as if a transformer had made them.
import type TS from 'typescript';

/**
 * `NodeFlags.Synthesized`, internal in TypeScript 6. On nodes without this flag the printer looks up literals and
 * comments in the user's source text, which is not theirs.
 */
const SYNTHESIZED = 16;

interface Placed {
  pos: number;
  end: number;
}

/**
 * Parses statements. An identifier with a name in `own` gets the user's identifier as its original, so that TypeScript
 * renames both alike (`x` becomes `exports.x` in CommonJS, `N.x` in a namespace).
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
    // Without positions the printer finds no comments, so the annotation that bundlers need is added again.
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
 * The first identifier of each name under `root` that stands for a variable: names of members are left out. In a source
 * file, only what is outside of functions.
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
