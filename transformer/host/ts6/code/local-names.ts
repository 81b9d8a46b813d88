// Names of variables and parameters inside a function: renaming them changes nothing that runs.
import type ts from 'typescript';
import type { TypeScript } from '../types/origin.ts';

export class LocalNames {
  readonly #ts: TypeScript;
  readonly #parts: readonly ts.Node[];
  readonly #names = new Map<ts.Symbol, string>();

  /** `parts`: what is printed. Names declared outside it, or at the top of a module, keep their own. */
  constructor(typescript: TypeScript, parts: readonly ts.Node[]) {
    this.#ts = typescript;
    this.#parts = parts;
  }

  /** `#0`, `#1`, … in the order of their first use; undefined: the name is the symbol's own. */
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
    // A function or class takes the name of its variable, and can tell it.
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

/** A module-level variable that is printed as a whole: others reach it by its name. */
function isTopLevel(ts: TypeScript, node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at)) return false;
  return true;
}
