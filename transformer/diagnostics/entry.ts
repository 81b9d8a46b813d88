// The type of one entry of the catalogue, and words that several entries use.
import type { Severity } from './diagnostic.ts';

/** `A`: the values that the texts need, by name. */
export interface CatalogueEntry<A> {
  /** The severity before the user's `severities` and `strict` apply. An error keeps its function uncached. */
  readonly severity: Severity;
  /** Kebab-case name, stable like the code. */
  readonly title: string;
  /** What is wrong, in one sentence. */
  readonly message: (args: A) => string;
  /** The remedy, in the imperative. */
  readonly help: (args: A) => string;
  /** True when the source line contains a secret: only its place is printed. */
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

/** For a finding that stands for several of its kind. */
export interface OtherPlaces {
  /** Number of the other places. Default: none. */
  readonly others?: number;
}

/** `, and so are 7 other paths`, or '' without others. */
export function andOthers({ others }: OtherPlaces): string {
  return others === undefined ? '' : `, and so are ${others} other paths`;
}

/** "class" → "a class", "interface" → "an interface". */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** ` Did you mean 'ttl'?`, or '' without a suggestion. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
}
