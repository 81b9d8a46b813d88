// Finds the statements by which a module fills its own values while it loads: `rates.set('CHF', 1)`, `Money.zero = …`.
// What a function reads depends on them as much as on the declaration.
import type ts from 'typescript';
import { assignedTargets, rootOf } from '../syntax/assigned.ts';
import { type TypeScript } from '../types/origin.ts';

type Fillers = ReadonlyMap<string, readonly ts.Statement[]>;

const known = new WeakMap<ts.SourceFile, Fillers>();

/** The top-level statements, in the file of the declaration, that change what it declares. */
export function fillersOf(ts: TypeScript, declaration: ts.Node): readonly ts.Statement[] {
  const name = moduleName(ts, declaration);
  if (name === undefined) return [];
  const file = declaration.getSourceFile();
  const fillers = known.get(file) ?? readFillers(ts, file);
  known.set(file, fillers);
  return fillers.get(name) ?? [];
}

/** The name of a variable, function or class at module scope; undefined for other declarations. */
function moduleName(ts: TypeScript, declaration: ts.Node): string | undefined {
  const isVariable = ts.isVariableDeclaration(declaration);
  if (!isVariable && !ts.isFunctionDeclaration(declaration) && !ts.isClassDeclaration(declaration))
    return undefined;
  const statement = isVariable ? declaration.parent.parent : declaration;
  const { name } = declaration;
  const isNamed = name !== undefined && ts.isIdentifier(name) && ts.isSourceFile(statement.parent);
  return isNamed ? name.text : undefined;
}

function readFillers(ts: TypeScript, file: ts.SourceFile): Fillers {
  const found = new Map<string, ts.Statement[]>();
  for (const statement of file.statements) {
    if (!runsAtOnce(ts, statement)) continue;
    const names = new Set<string>();
    const visit = (node: ts.Node): void => {
      for (const name of changedNames(ts, node)) names.add(name);
      ts.forEachChild(node, visit);
    };
    visit(statement);
    for (const name of names) found.set(name, [...(found.get(name) ?? []), statement]);
  }
  return found;
}

/** Whether the statement runs while the module loads and declares nothing: declarations are followed by name. */
function runsAtOnce(ts: TypeScript, statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isIfStatement(statement) ||
    ts.isBlock(statement) ||
    ts.isTryStatement(statement) ||
    ts.isSwitchStatement(statement) ||
    ts.isIterationStatement(statement, false)
  );
}

/** The variables that a node may change: `x` of `x.a = 1`, `[x.a] = list`, `x.a++`, `x.a.push(1)`, `Object.assign(x, …)`. */
function changedNames(ts: TypeScript, node: ts.Node): readonly string[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression))
    return assignedTargets(ts, node).flatMap((target) => rootName(ts, target));
  const root = rootName(ts, node.expression);
  const [first] = node.arguments;
  const isOfFirst = root[0] === 'Object' || root[0] === 'Reflect';
  return isOfFirst && first !== undefined ? rootName(ts, first) : root;
}

/** Empty if the path starts from something other than a variable. */
function rootName(ts: TypeScript, expression: ts.Expression): readonly string[] {
  const root = rootOf(ts, expression);
  return root !== undefined && ts.isIdentifier(root) ? [root.text] : [];
}
