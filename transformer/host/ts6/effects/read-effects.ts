// Collects the effects of a cached function, including those of the project's functions that it calls. Each function is
// walked once, however many others call it.
import type ts from 'typescript';
import type { Effect } from '../../../2-shape/effect.ts';
import type { CheckContext } from '../types/origin.ts';
import { ownEffects, type FunctionNode, type OwnEffect } from './own-effects.ts';

/** Length of a chain of calls that is followed. */
const MAX_DEPTH = 3;
/** Functions looked at for one cached function. */
const MAX_FUNCTIONS = 200;

/**
 * The effects of `fn` in source order, without duplicates. Of functions in other files only reads of the request count:
 * see `countsThrough`.
 */
export function readEffects(context: CheckContext, fn: ts.SignatureDeclaration): readonly Effect[] {
  const file = fn.getSourceFile();
  const found = new Map<string, Effect>();
  const own = ownEffects(context, fn);
  for (const one of own.effects)
    found.set(keyOf(one), { kind: one.kind, text: one.text, range: rangeOf(one.node) });
  const seen = new Set<FunctionNode>([fn]);
  let open = own.calls.map((call) => ({ call, at: call.node }));
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next: typeof open = [];
    for (const { call, at } of open) {
      if (seen.has(call.fn) || seen.size > MAX_FUNCTIONS || isMarked(context, call.fn)) continue;
      seen.add(call.fn);
      const inner = ownEffects(context, call.fn);
      for (const one of inner.effects) {
        if (!countsThrough(one, call.fn.getSourceFile() === file) || found.has(keyOf(one))) continue;
        const via = { name: call.name, place: placeOf(context, one.node, file) };
        found.set(keyOf(one), { kind: one.kind, text: one.text, range: rangeOf(at), via });
      }
      next.push(...inner.calls.map((innerCall) => ({ call: innerCall, at })));
    }
    open = next;
  }
  return [...found.values()].toSorted((a, b) => a.range.start - b.range.start);
}

function keyOf({ kind, text }: OwnEffect): string {
  return `${kind} ${text}`;
}

/**
 * Whether an effect of a helper counts for its caller. What the helper does with its own parameters and results does
 * not.
 */
function countsThrough({ kind, ofParam }: OwnEffect, isSameFile: boolean): boolean {
  if (kind === 'request') return true;
  return isSameFile && !ofParam && kind !== 'param' && kind !== 'fallback' && kind !== 'freeze';
}

/** A tag that marks, as the first word of a documentation comment or of a line in it; not `@cacheAllow`, nor prose. */
const MARK = /(?:\/\*|^[ \t]*)\*[ \t]*@cache(?![\w$-])/m;

/**
 * Whether a function is cached itself, as its effects then have their own diagnostics. The comment can be before the
 * statement around the function, as in `const f = () => …`.
 */
function isMarked({ ts }: CheckContext, fn: ts.Node): boolean {
  const file = fn.getSourceFile();
  for (let at = fn; at.parent !== undefined; at = at.parent) {
    if (MARK.test(file.text.slice(at.pos, at.getStart(file)))) return true;
    if (ts.isStatement(at) || ts.isClassElement(at) || ts.isObjectLiteralElementLike(at)) return false;
  }
  return false;
}

function placeOf({ ts }: CheckContext, node: ts.Node, from: ts.SourceFile): string {
  const file = node.getSourceFile();
  const line = ts.getLineAndCharacterOfPosition(file, node.getStart(file)).line + 1;
  return file === from ? `line ${line}` : `${file.fileName.split('/').at(-1)}:${line}`;
}

function rangeOf(node: ts.Node): Effect['range'] {
  return { start: node.getStart(), end: node.end };
}
