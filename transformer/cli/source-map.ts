// Reads source maps, to find out which lines of a source are in an output file.
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

export interface SourceMap {
  /** Absolute paths, or URLs of a bundler. */
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** The source map of a script, inline or in a file; undefined: there is none, or it cannot be read. */
export function readSourceMap(script: string, folder: string): SourceMap | undefined {
  const url = [...script.matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
  if (url === undefined) return undefined;
  try {
    const data = /^data:[^,]*;base64,(.*)$/.exec(url)?.[1];
    const text =
      data === undefined
        ? readFileSync(resolve(folder, decodeURI(url)), 'utf8')
        : Buffer.from(data, 'base64').toString();
    return parse(JSON.parse(text), folder);
  } catch {
    return undefined;
  }
}

function parse(map: unknown, folder: string): SourceMap | undefined {
  if (typeof map !== 'object' || map === null) return undefined;
  const { sources, mappings, sourceRoot } = map as {
    sources?: unknown;
    mappings?: unknown;
    sourceRoot?: unknown;
  }; // checked here
  if (!Array.isArray(sources) || typeof mappings !== 'string') return undefined;
  const root = typeof sourceRoot === 'string' ? sourceRoot : '';
  const place = (source: unknown): string => {
    const path = `${root}${String(source)}`;
    return /^[\w.+-]+:\/\//.test(path) || isAbsolute(path)
      ? path
      : resolve(folder, path).replaceAll('\\', '/');
  };
  return { sources: sources.map(place), mappings };
}

/** Lines of one source, counted from 1, from which something in the output comes. */
export function mappedLines({ mappings }: SourceMap, sourceIndex: number): ReadonlySet<number> {
  const lines = new Set<number>();
  let source = 0;
  let line = 0;
  for (const segment of mappings.split(/[;,]/)) {
    const [, sourceBy, lineBy] = decodeNumbers(segment);
    if (sourceBy === undefined || lineBy === undefined) continue;
    source += sourceBy;
    line += lineBy;
    if (source === sourceIndex) lines.add(line + 1);
  }
  return lines;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Decodes base64 VLQ: 5 bits per digit, the sixth says that more follow; the lowest bit of a number is its sign. */
function decodeNumbers(text: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    if (digit === -1) return [];
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
