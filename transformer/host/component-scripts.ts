// The scripts of Vue, Svelte and Astro files. Their frameworks compile them in ways of their own, so marks in them would
// silently do nothing: bundler plugins and `cachekit check` look for them and report them.
import { readFileSync } from 'node:fs';

/** The files of these frameworks, which no program of TypeScript contains. */
export const COMPONENTS = /\.(?:vue|svelte|astro)$/;
/** The same as a list. */
export const COMPONENT_EXTENSIONS = ['.vue', '.svelte', '.astro'];

const SCRIPT = /<script\b[^>]*>([\s\S]*?)<\/script>/gi;
const FRONTMATTER = /^\s*---\r?\n([\s\S]*?)\r?\n---/;

/**
 * The text of the file with everything but its scripts replaced by spaces: positions stay, and code that is only shown
 * in markup does not count. Read from disk, since frameworks drop comments early. undefined if there is no such file.
 */
export function componentScripts(file: string): string | undefined {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // a virtual module
  }
  let scripts = text.replaceAll(/[^\r\n]/g, ' ');
  const keep = (start: number, part: string): void => {
    scripts = scripts.slice(0, start) + part + scripts.slice(start + part.length);
  };
  for (const { 0: all, 1: part = '', index } of text.matchAll(SCRIPT))
    keep(index + all.lastIndexOf(part), part);
  const [head = '', frontmatter = ''] = file.endsWith('.astro') ? (FRONTMATTER.exec(text) ?? []) : [];
  keep(head.lastIndexOf(frontmatter), frontmatter);
  return scripts;
}
