// Generated text that does not parse would break the user's whole file: it is found here, for the one function it is for.
import { Script } from 'node:vm';
import type TS from 'typescript';
import type { SiteText } from '../../5-generate/texts.ts';

/** Both emitters put the pieces where these stand-ins have them. Undefined: all of them parse, each as the one thing it is. */
export function problemOfText(
  ts: typeof TS,
  { fn, call, slot, tail, handles = [] }: SiteText,
): string | undefined {
  const pieces = [
    ...(fn === undefined
      ? []
      : [fn.block ? `function $(){${fn.prefix}$;${fn.suffix}}` : `()=>${fn.prefix}$${fn.suffix}`]),
    ...(call === undefined ? [] : [`$(0${call.text.startsWith(',') ? '' : ','}${call.text})`]),
    ...handles.map(({ prefix, middle, suffix }) => `${prefix}$${middle}.$${suffix}`),
    ...(slot === undefined ? [] : [`var ${slot};`]),
    ...(tail === '' ? [] : [tail]),
  ];
  const broken = pieces.find((piece) => !isFine(ts, piece));
  return broken === undefined ? undefined : `the generated text does not parse: ${broken.slice(0, 200)}`;
}

/** Texts that are fine: a watch mode writes the same ones after every edit. */
const fine = new Set<string>();
const MAX_KNOWN = 5000;
const LINE_BREAK = /[\n\r\u2028\u2029]/;

function isOneStatement(ts: typeof TS, text: string): boolean {
  const file = ts.createSourceFile('ck.ts', text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const { parseDiagnostics } = file as { parseDiagnostics?: readonly unknown[] }; // internal, always set
  return parseDiagnostics?.length === 0 && file.statements.length === 1 && !LINE_BREAK.test(text);
}

/**
 * The engine's own parser, seven times as fast: what it takes between parentheses is one expression. It knows neither
 * `super` nor `#private` outside of their class, and statements are no expressions: for those its "no" means nothing.
 * A function right after a parenthesis it would also compile, as one that is about to be called.
 */
function isOneExpression(text: string): boolean {
  try {
    void new Script(`'use strict';(0,${text})`);
    return !LINE_BREAK.test(text);
  } catch {
    return false;
  }
}

function isFine(ts: typeof TS, text: string): boolean {
  if (fine.has(text)) return true;
  if (!isOneExpression(text) && !isOneStatement(ts, text)) return false;
  if (fine.size >= MAX_KNOWN) fine.clear();
  fine.add(text);
  return true;
}
