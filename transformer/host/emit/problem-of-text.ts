// Checks that generated text parses. A fault would break the user's whole file; found here, it concerns only one
// function.
import { Script } from 'node:vm';
import type TS from 'typescript';
import type { SiteText } from '../../5-generate/texts.ts';

/**
 * Why a text of one site does not parse as a single statement or expression; undefined: all do. `$` stands for the
 * user's code in the places where the emitters put the texts.
 */
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

/** Texts that were checked and are fine: a watch mode generates the same ones after every edit. */
const fine = new Set<string>();
/** `fine` is emptied at this size. */
const MAX_FINE = 5000;
const LINE_BREAK = /[\n\r\u2028\u2029]/;

function isOneStatement(ts: typeof TS, text: string): boolean {
  const file = ts.createSourceFile('ck.ts', text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const { parseDiagnostics } = file as { parseDiagnostics?: readonly unknown[] }; // internal, always set
  return parseDiagnostics?.length === 0 && file.statements.length === 1 && !LINE_BREAK.test(text);
}

/**
 * By V8's parser, which is seven times as fast as TypeScript's: what parses in parentheses is one expression. A "no"
 * proves nothing: V8 rejects statements there, and `super` and `#private` outside of their class. The `0,` keeps V8
 * from compiling a function eagerly, as it does right after a parenthesis, where it expects a call.
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
  if (fine.size >= MAX_FINE) fine.clear();
  fine.add(text);
  return true;
}
