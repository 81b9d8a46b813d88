// What the compiler may not touch: every character of the user's but the `async` of the functions that it caches. Besides
// them it adds something only around a #private name, for `cacheOf`. Written without the emitter's means, so that it does
// not share its mistakes.
import type { FileTexts } from '../../transformer/5-generate/texts.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Edit {
  readonly at: number;
  /** The only thing that may be taken away: `async`, and the space after it. */
  readonly removed: string;
  readonly added: string;
  /** Of two at one offset, the smaller goes first. */
  readonly order: number;
  /** The text that it stands around, if that is no marked function. */
  readonly around?: string;
}

/** Where `code`, made from `source`, is not `source` with `texts` added inside the `marked` functions. Empty: nowhere. */
export function damageOf(
  source: string,
  code: string,
  texts: FileTexts,
  marked: readonly Range[],
): readonly string[] {
  const damage: string[] = [];
  const edits = editsOf(source, texts).toSorted((a, b) => a.at - b.at || a.order - b.order);
  let read = 0;
  let written = 0;
  const expectText = (text: string): void => {
    const found = code.slice(written, written + text.length);
    if (found !== text) damage.push(`at offset ${read}: ${JSON.stringify([found, text])}`);
    written += text.length;
  };
  for (const { at, removed, added, around = '' } of edits) {
    if (added.includes('\n')) damage.push(`lines move at offset ${at}: ${added}`);
    if (!/^(?:async ?)?$/.test(removed)) damage.push(`removed at offset ${at}: ${removed}`);
    const isHead = at === texts.headAt && added === texts.head;
    const isHandle = /#[\p{ID_Continue}$]+$/u.test(around);
    if (!isHead && !isHandle && !marked.some(({ start, end }) => start <= at && at <= end))
      damage.push(`outside of marked functions, at offset ${at}: ${added}`);
    expectText(source.slice(read, at));
    expectText(added);
    read = at + removed.length;
  }
  expectText(source.slice(read));
  const { tail, imports } = texts;
  expectText(`${tail === '' ? '' : `\n${tail}\n`}${imports === undefined ? '' : `${imports}\n`}`);
  if (written !== code.length) damage.push(`too much at the end: ${code.slice(written)}`);
  return damage;
}

function editsOf(source: string, { headAt, head, fns, calls, handles = [] }: FileTexts): readonly Edit[] {
  const edits: Edit[] = [{ at: headAt, removed: '', added: head, order: -1 }];
  for (const { asyncStart, asyncEnd, asyncBy, open, close, prefix, suffix } of fns) {
    const end = source[asyncEnd] === ' ' ? asyncEnd + 1 : asyncEnd;
    const removed = source.slice(asyncStart, end);
    if (asyncStart >= 0) edits.push({ at: asyncStart, removed, added: asyncBy, order: 0 });
    edits.push({ at: open, removed: '', added: prefix, order: 0 });
    // Of functions that end together, the inner one is the one that begins later.
    edits.push({ at: close, removed: '', added: suffix, order: source.length - open });
  }
  for (const { start, objectEnd, end, prefix, middle, suffix } of handles) {
    const around = source.slice(start, end);
    const places = [
      [start, prefix],
      [objectEnd, middle],
      [end, suffix],
    ] as const;
    for (const [at, added] of places) edits.push({ at, removed: '', added, order: 0, around });
  }
  for (const { at, text } of calls) edits.push({ at, removed: '', added: text, order: 0 });
  return edits;
}
