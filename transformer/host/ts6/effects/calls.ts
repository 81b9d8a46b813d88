// Recognises calls of known functions that read the clock, randomness or the request, or that write output.
import type ts from 'typescript';
import type { EffectKind } from '../../../2-shape/effect.ts';
import type { CheckContext } from '../types/origin.ts';
import { importedAs, platformOwner } from './origin.ts';
import { CLOCKS, ID_MAKERS, isOwned, OUTPUTS, REQUEST_READERS } from './platform-names.ts';

/** The input, besides its arguments, that a call brings into the function; undefined: none that is known. */
export function inputOfCall(
  context: CheckContext,
  node: ts.CallExpression | ts.NewExpression,
): { readonly kind: EffectKind; readonly text: string } | undefined {
  const { ts } = context;
  const { expression: callee } = node;
  if (ts.isIdentifier(callee) && callee.text === 'Date') {
    const isNow = ts.isCallExpression(node) || (node.arguments ?? []).length === 0;
    const text = ts.isCallExpression(node) ? 'Date()' : 'new Date()';
    return isNow && platformOwner(context, callee) !== undefined ? { kind: 'clock', text } : undefined;
  }
  const name = nameOf(context, callee);
  if (name === undefined) return undefined;
  const text = `${textOf(callee)}()`;
  if (name.text === 'getStore' && platformOwner(context, name) === 'AsyncLocalStorage')
    return { kind: 'request', text };
  if (Object.hasOwn(CLOCKS, name.text) && isOwned(CLOCKS, name.text, platformOwner(context, name)))
    return { kind: 'clock', text };
  const imported = importedAs(context, callee);
  if (imported === undefined) return undefined;
  const module = imported.module.replace(/^node:/, '');
  if (isOwned(CLOCKS, imported.name, module) || isOwned(ID_MAKERS, module, imported.name))
    return { kind: 'clock', text };
  return isOwned(REQUEST_READERS, module, imported.name) ? { kind: 'request', text } : undefined;
}

/**
 * The callee if it writes output: `console.log`, `process.stdout.write`, `bus.emit`, `fs.writeFile`; else undefined.
 */
export function outputOfCall(context: CheckContext, node: ts.CallExpression): string | undefined {
  const { expression: callee } = node;
  const name = nameOf(context, callee);
  if (name === undefined) return undefined;
  const text = textOf(callee);
  if (name.text === 'write')
    return /^process\.std(?:out|err)\.write$/.test(text) && platformOwner(context, name) !== undefined
      ? text
      : undefined;
  if (!Object.hasOwn(OUTPUTS, name.text)) return undefined;
  return isOwned(OUTPUTS, name.text, platformOwner(context, name)) ? text : undefined;
}

function nameOf({ ts }: CheckContext, callee: ts.Expression): ts.Identifier | undefined {
  if (ts.isIdentifier(callee)) return callee;
  return ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.name) ? callee.name : undefined;
}

function textOf(callee: ts.Expression): string {
  const text = callee.getText().replace(/\s+/g, '');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
