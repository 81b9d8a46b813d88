// The form of one line of the catalogue.
import type { Severity } from './diagnostic.ts';

/** `A`: the values that the words need, by name. */
export interface CatalogueEntry<A> {
  /** Before the user's `severities` and `strict`. An error keeps its function uncached. */
  readonly severity: Severity;
  /** Kebab-case name, stable like the code. */
  readonly title: string;
  /** The fact, one sentence. */
  readonly message: (args: A) => string;
  /** The remedy, imperative. */
  readonly help: (args: A) => string;
  /** The line it points at holds a secret: it is never printed, only where it stands. */
  readonly hidesSource?: true;
}

/** Gives one entry its argument type. */
export function entry<A>(values: CatalogueEntry<A>): CatalogueEntry<A> {
  return values;
}

/** A place inside the result as the subject of a sentence: `Path .owner`, `The result`. */
export function resultAt(path: string): string {
  return path === '' ? 'The result' : `Path ${path}`;
}

/** "class" → "a class", "interface" → "an interface". */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** ` Did you mean 'ttl'?`, or nothing when there is no near name. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
}
