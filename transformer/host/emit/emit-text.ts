// FileTexts → new source text and source map, for hosts that compile text (bundlers). No line of the user's code moves
// to another line.
import MagicString from 'magic-string';
import type { FileTexts, FnText } from '../../5-generate/texts.ts';

/** A source map (version 3), in the form that every bundler takes. */
export interface TextMap {
  readonly version: number;
  readonly sources: string[];
  readonly sourcesContent?: string[];
  readonly names: string[];
  readonly mappings: string;
  readonly file?: string;
}

/** Compiled source text with its source map. */
export interface EmittedText {
  readonly code: string;
  readonly map: TextMap;
}

/** Inserts the generated texts into `source`. Nothing is removed but the word `async`. */
export function emitText(source: string, texts: FileTexts, file: string): EmittedText {
  const target = new MagicString(source);
  for (const fn of texts.fns) {
    if (fn.asyncStart >= 0) dropAsync(target, source, fn);
    // Suffixes are prepended: when nested functions end at the same offset, the inner one then closes first.
    target.appendLeft(fn.open, fn.prefix);
    target.prependRight(fn.close, fn.suffix);
  }
  for (const call of texts.calls) target.appendLeft(call.at, call.text);
  for (const handle of texts.handles ?? []) {
    target.appendLeft(handle.start, handle.prefix);
    target.appendLeft(handle.objectEnd, handle.middle);
    target.prependRight(handle.end, handle.suffix);
  }
  if (texts.head !== '') target.appendLeft(texts.headAt, texts.head);
  if (texts.tail !== '') target.append(`\n${texts.tail}\n`);
  if (texts.imports !== undefined) target.append(`${texts.imports}\n`);
  const map = target.generateMap({ source: file, hires: 'boundary' });
  return {
    code: target.toString(),
    map: {
      version: map.version,
      sources: map.sources,
      sourcesContent: [source],
      names: map.names,
      mappings: map.mappings,
    },
  };
}

/** Removes `async` and the space after it, or replaces them by `asyncBy`. */
function dropAsync(target: MagicString, source: string, fn: FnText): void {
  const end = source[fn.asyncEnd] === ' ' ? fn.asyncEnd + 1 : fn.asyncEnd;
  if (fn.asyncBy === '') target.remove(fn.asyncStart, end);
  else target.overwrite(fn.asyncStart, end, fn.asyncBy);
}
