// Replaces the names of local variables and parameters by numbers, so that renaming them does not change the code
// fingerprint.
import type ts from 'typescript';
import type { TypeScript } from '../types/origin.ts';

/** The numbers given out for one printed text. */
export class LocalNames {
  readonly #ts: TypeScript;
  readonly #parts: readonly ts.Node[];
  readonly #names = new Map<ts.Symbol, string>();

  /** `parts`: the nodes that are printed. Variables declared outside of them, or at module level, keep their names. */
  constructor(typescript: TypeScript, parts: readonly ts.Node[]) {
    this.#ts = typescript;
    this.#parts = parts;
  }

  /** `#0`, `#1`, … in the order of first use; undefined: the symbol keeps its name. */
  nameOf(symbol: ts.Symbol | undefined): string | undefined {
    if (symbol === undefined) return undefined;
    const known = this.#names.get(symbol);
    if (known !== undefined) return known;
    const { declarations = [] } = symbol;
    if (declarations.length === 0 || !declarations.every((one) => this.#isLocal(one))) return undefined;
    const name = `#${this.#names.size}`;
    this.#names.set(symbol, name);
    return name;
  }

  #isLocal(declaration: ts.Node): boolean {
    const ts = this.#ts;
    const isVariable =
      ts.isParameter(declaration) ||
      ts.isBindingElement(declaration) ||
      ts.isVariableDeclaration(declaration);
    if (!isVariable || !ts.isIdentifier(declaration.name)) return false;
    // A function or class gets its `name` from its variable, and can read it at run time.
    if (isNamed(ts, declaration.initializer)) return false;
    return this.#parts.some((part) => isWithin(declaration, part)) && !isTopLevel(ts, declaration);
  }
}

function isNamed(ts: TypeScript, initializer: ts.Expression | undefined): boolean {
  if (initializer === undefined) return false;
  return (
    ts.isArrowFunction(initializer) ||
    ts.isFunctionExpression(initializer) ||
    ts.isClassExpression(initializer)
  );
}

function isWithin(node: ts.Node, part: ts.Node): boolean {
  return node.getSourceFile() === part.getSourceFile() && node.pos >= part.pos && node.end <= part.end;
}

/** Whether the declaration is at module level: other code reaches it by its name. */
function isTopLevel(ts: TypeScript, node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at)) return false;
  return true;
}
