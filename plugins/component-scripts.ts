// Vue, Svelte and Astro files: their frameworks make code of them by a way of their own, so a mark in one is never compiled.
import { readFileSync } from 'node:fs';

/** Ids of whole files; parts of them have a query. */
export const COMPONENTS = /\.(?:vue|svelte|astro)$/;

const SCRIPT = /<script\b[^>]*>([\s\S]*?)<\/script>/gi;
const FRONTMATTER = /^\s*---\r?\n([\s\S]*?)\r?\n---/;

/**
 * The file with all but its scripts blanked, so that every place is where it was: markup that shows a marked function marks
 * nothing. From disk, since frameworks drop comments early; undefined where there is no such file.
 */
export function componentScripts(file: string): string | undefined {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // a module that somebody makes up
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
