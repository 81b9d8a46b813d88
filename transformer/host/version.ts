// The version of this package, for `--version` and for deciding what is out of date.
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** As in package.json, which lies one or two folders up: sources and built files differ in depth. */
export function transformerVersion(): string {
  return (known ??= read('../package.json') ?? read('../../package.json') ?? 'unknown');
}

function read(path: string): string | undefined {
  try {
    const parsed = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
      name?: unknown;
      version?: unknown;
    }; // our own file; checked below
    return parsed.name === '@cachekit/transformer' && typeof parsed.version === 'string'
      ? parsed.version
      : undefined;
  } catch {
    return undefined; // not at this depth
  }
}
