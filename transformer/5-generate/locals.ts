// Local functions of a generated text: one per shape and purpose, so that nothing nests and recursion is a call. Two shapes
// that come out as the same text (types of equal structure) have one: it is the user's bundle.
import type { ClassReach, PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { quote } from './literal.ts';

export interface Locals {
  readonly refs: readonly TypeShape[];
  /** Expression that gives a class or ClassCodec in the emitted file. */
  readonly reach: (of: ClassReach) => string;
  /** Names of the locals that are class codecs. */
  readonly coded: Set<string>;
  /**
   * Name of the local that does `purpose` (letters only) for what `about` says (JSON). `write` gives its right-hand
   * side, and may ask for the local it is writing.
   */
  name(purpose: string, about: unknown, write: () => string): string;
  /** `const a0 = …; const a1 = …; `, or ''. */
  text(): string;
}

/** What a text without classes is written with. */
export const noReach = (): string => 'void 0';

export function createLocals(
  refs: readonly TypeShape[],
  reach: (of: ClassReach) => string = noReach,
): Locals {
  const names = new Map<string, string>();
  /** Purpose and right-hand side → name. One that mentions itself, however far down, has a text that no other has. */
  const written = new Map<string, string>();
  const lines: string[] = [];
  return {
    refs,
    reach,
    coded: new Set(),
    name(purpose, about, write) {
      const key = `${purpose} ${textOf(about)}`;
      const known = names.get(key);
      if (known !== undefined) return known;
      const name = `${purpose}${names.size}`;
      names.set(key, name);
      const text = write();
      const same = written.get(`${purpose} ${text}`);
      if (same !== undefined) {
        names.set(key, same);
        return same;
      }
      written.set(`${purpose} ${text}`, name);
      lines.push(`const ${name} = ${text};`);
      return name;
    },
    text: () => lines.map((line) => `${line} `).join(''),
  };
}

/** Of shapes, which never change: guard, encoder, decoder and copy ask about the same ones. */
const texts = new WeakMap<object, string>();

function textOf(about: unknown): string {
  if (typeof about !== 'object' || about === null) return JSON.stringify(about);
  const text = texts.get(about) ?? JSON.stringify(about);
  texts.set(about, text);
  return text;
}

/** Name of the local that lists the names of the properties, in their order. */
export function writeNames(locals: Locals, properties: readonly PropertyShape[]): string {
  const names = properties.map((property) => property.name);
  return locals.name('n', names, () => `[${names.map(quote).join(', ')}]`);
}
