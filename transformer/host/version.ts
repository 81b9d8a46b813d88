// The version of this package: for `--version`, and part of every key under which compiled output is kept.
import { readFileSync } from 'node:fs';

let known: string | undefined;

/**
 * The version in package.json ('unknown' if unreadable), which lies one folder up from built files and two from
 * sources.
 */
export function transformerVersion(): string {
  return (known ??= read('../package.json') ?? read('../../package.json') ?? 'unknown');
}

function read(path: string): string | undefined {
  try {
    const parsed = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
      name?: unknown;
      version?: unknown;
    }; // checked below
    return parsed.name === '@cachekit/transformer' && typeof parsed.version === 'string'
      ? parsed.version
      : undefined;
  } catch {
    return undefined; // not at this depth
  }
}
