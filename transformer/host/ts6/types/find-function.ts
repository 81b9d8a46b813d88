// Finds the node of the program for a range of text, such as that of a Target, and the names that a function binds and
// captures.
import type ts from 'typescript';
import type { Range, Target } from '../../../1-scan/marker.ts';
import { symbolAt, type CheckContext, type TypeScript } from './origin.ts';

/** The outermost function with exactly this range, with or without leading comments. @throws when there is none. */
export function findFunction(
  ts: TypeScript,
  file: ts.SourceFile,
  { start, end }: Range,
): ts.SignatureDeclaration {
  const step = (node: ts.Node): ts.SignatureDeclaration | undefined => {
    if (node.end < end || node.pos > start) return undefined;
    const isMeant =
      node.end === end &&
      ts.isFunctionLike(node) &&
      [node.getStart(file), node.pos, node.getStart(file, true)].includes(start);
    return isMeant ? node : ts.forEachChild(node, step);
  };
  const found = step(file);
  if (found === undefined)
    throw new Error(
      `No function at ${start}-${end} of ${file.fileName}: the text scanned is not the text checked`,
    );
  return found;
}

/** The outermost node with exactly this range. @throws when there is none. */
export function findExpression(ts: TypeScript, file: ts.SourceFile, range: Range): ts.Node {
  const step = (node: ts.Node): ts.Node | undefined => {
    if (node.end < range.end || node.pos > range.start) return undefined;
    return node.end === range.end && node.getStart(file) === range.start ? node : ts.forEachChild(node, step);
  };
  const node = step(file);
  if (node === undefined) throw new Error(`No expression at ${range.start}-${range.end} of ${file.fileName}`);
  return node;
}

/** A variable that a parameter binds. */
export interface BoundName {
  readonly name: string;
  readonly node: ts.Identifier;
  readonly param: ts.ParameterDeclaration;
  /** Whether the name is the whole parameter, and not part of a pattern. */
  readonly plain: boolean;
  /** Of the parameter, without `this`. */
  readonly index: number;
}

/** The names that the parameters bind, in source order, without `this`. */
export function boundNames(ts: TypeScript, node: ts.SignatureDeclaration): readonly BoundName[] {
  const params = node.parameters.filter((param): param is ts.ParameterDeclaration => ts.isParameter(param));
  const own = params.filter((param) => !(ts.isIdentifier(param.name) && param.name.text === 'this'));
  return own.flatMap((param, index) => {
    const names: BoundName[] = [];
    const visit = (name: ts.BindingName): void => {
      if (ts.isIdentifier(name))
        names.push({ name: name.text, node: name, param, plain: name === param.name, index });
      else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
    };
    visit(param.name);
    return names;
  });
}

/** The types of the captured variables: each is looked up where the function reads it first. */
export function captureTypes(
  context: CheckContext,
  node: ts.SignatureDeclaration,
  target: Target,
): readonly { readonly name: string; readonly type: ts.Type | undefined }[] {
  const { ts, checker } = context;
  const wanted = new Set(target.captures.map((capture) => capture.name));
  const found = new Map<string, ts.Type>();
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner) && wanted.has(inner.text) && !found.has(inner.text)) {
      const symbol = symbolAt(context, inner);
      const declaration = symbol?.valueDeclaration;
      // Skip properties and inner variables of the same name.
      if (symbol !== undefined && declaration !== undefined && isOutside(ts, declaration, node))
        found.set(inner.text, checker.getTypeOfSymbol(symbol));
    }
    ts.forEachChild(inner, visit);
  };
  if (wanted.size > 0) visit(node);
  return target.captures.map(({ name }) => ({ name, type: found.get(name) }));
}

function isOutside(ts: TypeScript, declaration: ts.Declaration, node: ts.Node): boolean {
  const variable =
    ts.isVariableDeclaration(declaration) ||
    ts.isParameter(declaration) ||
    ts.isBindingElement(declaration) ||
    ts.isFunctionDeclaration(declaration) ||
    ts.isFunctionExpression(declaration) ||
    ts.isClassDeclaration(declaration) ||
    ts.isClassExpression(declaration);
  return variable && (declaration.pos < node.pos || declaration.end > node.end);
}
