// FileTexts → `before` transformer, for hosts that emit from syntax trees (ts-patch, `cachekit build`). It parses the
// generated texts and puts the user's own body node into them, so that source maps, types and other transformers keep
// working.
import type TS from 'typescript';
import type { CallText, FileTexts, FnText } from '../../5-generate/texts.ts';
import { nameAt } from '../ts6/program/name-at.ts';
import { directivesOf } from '../ts6/syntax/target.ts';
import { fillHandle } from './fill-handle.ts';
import { identifiersUnder, parseTexts } from './parse-texts.ts';
import { rawWriter, type RawWriter } from './raw-text.ts';

/** Placeholder for the user's body in the text that is parsed. */
const SLOT = '$ck_body';

/**
 * The transformer for a whole program.
 *
 * @param textsOf the texts of an original source file; undefined when it has no marked functions.
 * @param isCommonJs whether the file is emitted as CommonJS, where the head must be a `require`.
 */
export function emitAst(
  ts: typeof TS,
  textsOf: (file: TS.SourceFile) => FileTexts | undefined,
  isCommonJs: (file: TS.SourceFile) => boolean,
): TS.TransformerFactory<TS.SourceFile> {
  return (context) => (file) => {
    const original = ts.getOriginalNode(file, ts.isSourceFile);
    const texts = textsOf(original);
    if (texts === undefined) return file;
    const raw = rawWriter(ts, context, original, isCommonJs(original));
    const changed = ts.visitEachChild(file, createVisitor(ts, context, texts, original, raw), context);
    return addHeadAndTail(ts, context, changed, original, texts, { raw, isCommonJs: isCommonJs(original) });
  };
}

function createVisitor(
  ts: typeof TS,
  context: TS.TransformationContext,
  texts: FileTexts,
  file: TS.SourceFile,
  raw: RawWriter,
): (node: TS.Node) => TS.Node {
  // Nodes are found by the positions of their originals, as other transformers may have replaced them before us.
  const fns = Map.groupBy(texts.fns, (fn) => fn.fnEnd);
  const isAt = (node: TS.Node, pos: number, end: number) =>
    node.end === end && node.pos >= 0 && (node.pos === pos || node.getStart(file) === pos);
  const ranges = rangesOf(texts);
  const visit = (node: TS.Node): TS.Node => {
    // Below a node as it was parsed there is nothing else: other transformers put what they move below new nodes.
    if (ts.isParseTreeNode(node) && !ranges.some(([pos, end]) => node.pos <= pos && end <= node.end))
      return node;
    const original = ts.getOriginalNode(node);
    const result = ts.visitEachChild(node, visit, context); // inner marked functions first
    if (ts.isFunctionLike(original)) {
      const fn = fns.get(original.end)?.find((text) => isAt(original, text.fnPos, text.fnEnd));
      return fn === undefined ? result : replaceFunction(ts, context, result, fn, raw);
    }
    if (ts.isCallExpression(original) && ts.isCallExpression(result)) {
      const call = texts.calls.find((text) => isAt(original, text.callPos, text.callEnd));
      if (call !== undefined) return addArguments(ts, context, result, original, call);
    }
    if (ts.isPropertyAccessExpression(original) && ts.isPropertyAccessExpression(result)) {
      const handle = texts.handles?.find((text) => isAt(original, text.start, text.end));
      if (handle !== undefined) return fillHandle(ts, context, result, handle);
    }
    return result;
  };
  return visit;
}

/** The ranges of all nodes that get a text. */
function rangesOf({ fns, calls, handles = [] }: FileTexts): readonly (readonly [pos: number, end: number])[] {
  return [
    ...fns.map(({ fnPos, fnEnd }) => [fnPos, fnEnd] as const),
    ...calls.map(({ callPos, callEnd }) => [callPos, callEnd] as const),
    ...handles.map(({ start, end }) => [start, end] as const),
  ];
}

function replaceFunction(
  ts: typeof TS,
  context: TS.TransformationContext,
  node: TS.Node,
  fn: FnText,
  raw: RawWriter,
): TS.Node {
  const f = context.factory;
  const dropsAsync = fn.asyncStart >= 0;
  const kept = <M extends TS.ModifierLike>(modifiers: readonly M[] | undefined) =>
    dropsAsync ? modifiers?.filter((modifier) => modifier.kind !== ts.SyntaxKind.AsyncKeyword) : modifiers;
  const wrap = (body: TS.ConciseBody) => wrapBody(ts, context, body, fn, raw);
  if (ts.isFunctionDeclaration(node) && node.body !== undefined)
    return f.updateFunctionDeclaration(node, kept(node.modifiers), node.asteriskToken, node.name, node.typeParameters, node.parameters, node.type, wrap(node.body)); // prettier-ignore
  if (ts.isMethodDeclaration(node) && node.body !== undefined)
    return f.updateMethodDeclaration(node, kept(node.modifiers), node.asteriskToken, node.name, node.questionToken, node.typeParameters, node.parameters, node.type, wrap(node.body)); // prettier-ignore
  if (ts.isGetAccessorDeclaration(node) && node.body !== undefined)
    return f.updateGetAccessorDeclaration(node, node.modifiers, node.name, node.parameters, node.type, wrap(node.body)); // prettier-ignore
  if (ts.isFunctionExpression(node))
    return f.updateFunctionExpression(
      node,
      kept(node.modifiers) as readonly TS.Modifier[] | undefined, // expressions have no decorators
      node.asteriskToken,
      node.name,
      node.typeParameters,
      node.parameters,
      node.type,
      wrap(node.body),
    );
  if (ts.isArrowFunction(node))
    return f.updateArrowFunction(
      node,
      kept(node.modifiers) as readonly TS.Modifier[] | undefined, // arrow functions have no decorators
      node.typeParameters,
      node.parameters,
      node.type,
      node.equalsGreaterThanToken,
      wrap(node.body),
    );
  throw new Error('the marked function changed its kind in another transformer');
}

/** The new body of the function: the generated text around the user's body, after the user's directives. */
function wrapBody(
  ts: typeof TS,
  context: TS.TransformationContext,
  body: TS.ConciseBody,
  fn: FnText,
  raw: RawWriter,
): TS.Block {
  const f = context.factory;
  const directives = ts.isBlock(body) ? directivesOf(ts, body.statements) : [];
  const inner =
    ts.isBlock(body) && directives.length > 0
      ? f.updateBlock(body, body.statements.slice(directives.length))
      : body;
  const written = ts.getOriginalNode(body).parent;
  const around = raw.around(fn, inner, written) ?? parsedAround(ts, context, fn, inner, written);
  return ts.setTextRange(
    f.createBlock([...directives, ...around], true),
    ts.isBlock(body) ? body : undefined,
  );
}

/** @param written the user's function. */
function parsedAround(
  ts: typeof TS,
  context: TS.TransformationContext,
  fn: FnText,
  body: TS.ConciseBody,
  written: TS.Node,
): readonly TS.Statement[] {
  const own = identifiersUnder(ts, written);
  // These names mean variables outside of the function, even where the body declares one of the same name.
  for (const name of fn.outer ?? []) own.set(name, nameAt(ts, name, written.parent));
  const text = fn.block
    ? `function $(){${fn.prefix}${SLOT};${fn.suffix}}`
    : `()=>${fn.prefix}${SLOT}${fn.suffix}`;
  const parsed = parsedBody(ts, parseTexts(ts, text, own)[0]);
  const isSlot = (node: TS.Node | undefined) =>
    node !== undefined && ts.isIdentifier(node) && node.text === SLOT;
  let filled = 0;
  const fill = (node: TS.Node): TS.Node => {
    const only = ts.isBlock(node) && node.statements.length === 1 ? node.statements[0] : undefined;
    const isBody = only !== undefined && ts.isExpressionStatement(only) && isSlot(only.expression);
    if (!isBody && !isSlot(node)) return ts.visitEachChild(node, fill, context);
    filled++;
    return body;
  };
  const block = ts.visitEachChild(parsed, fill, context);
  if (filled !== 1) throw new Error('the generated text has no place for the body');
  return block.statements.filter((statement) => !ts.isEmptyStatement(statement));
}

function parsedBody(ts: typeof TS, statement: TS.Statement | undefined): TS.Block {
  if (statement !== undefined && ts.isFunctionDeclaration(statement) && statement.body !== undefined)
    return statement.body;
  const arrow =
    statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (arrow !== undefined && ts.isArrowFunction(arrow) && ts.isBlock(arrow.body)) return arrow.body;
  throw new Error('the generated text is not a function body');
}

function addArguments(
  ts: typeof TS,
  context: TS.TransformationContext,
  node: TS.CallExpression,
  original: TS.Node,
  call: CallText,
): TS.CallExpression {
  const continues = call.text.startsWith(',');
  const own = identifiersUnder(ts, original);
  const statement = parseTexts(ts, continues ? `$(0${call.text})` : `$(${call.text})`, own)[0];
  const parsed =
    statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (parsed === undefined || !ts.isCallExpression(parsed))
    throw new Error('the generated text is not a list of arguments');
  const added = parsed.arguments.slice(continues ? 1 : 0);
  return context.factory.updateCallExpression(node, node.expression, node.typeArguments, [
    ...node.arguments,
    ...added,
  ]);
}

function addHeadAndTail(
  ts: typeof TS,
  context: TS.TransformationContext,
  file: TS.SourceFile,
  original: TS.SourceFile,
  texts: FileTexts,
  { raw, isCommonJs }: { readonly raw: RawWriter; readonly isCommonJs: boolean },
): TS.SourceFile {
  const statements = file.statements;
  const first = directivesOf(ts, statements).length;
  const head = isCommonJs ? texts.headCjs : texts.head;
  const all = [
    ...statements.slice(0, first),
    ...(head === '' ? [] : (raw.head(head) ?? parseTexts(ts, head))),
    ...statements.slice(first),
    ...tailOf(ts, original, texts, raw),
    // An `import` also in CommonJS: TypeScript turns it into a `require`, and rewrites its path like the user's
    // imports.
    ...(texts.imports === undefined ? [] : parseTexts(ts, texts.imports)),
  ];
  return context.factory.updateSourceFile(
    file,
    ts.setTextRange(context.factory.createNodeArray(all), statements),
  );
}

/** Functions as raw text where that is possible (raw-text.ts), all other lines parsed. */
function tailOf(
  ts: typeof TS,
  original: TS.SourceFile,
  { tail }: FileTexts,
  raw: RawWriter,
): readonly TS.Statement[] {
  if (tail === '') return [];
  let own: ReadonlyMap<string, TS.Identifier> | undefined;
  return tail
    .split('\n')
    .flatMap((line) => raw.fn(line) ?? parseTexts(ts, line, (own ??= identifiersUnder(ts, original))));
}
