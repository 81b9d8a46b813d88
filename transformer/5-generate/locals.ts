// Local functions of generated code: one per shape and purpose, so that code does not nest and recursive types become
// recursive calls. Shapes that lead to the same text share one function, to keep the user's bundle small.
import type { ClassReach, PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { quote } from './literal.ts';
import { shareTexts, type LocalText } from './share-texts.ts';

export interface Locals {
  readonly refs: readonly TypeShape[];
  /** Expression for a class or ClassCodec in the emitted file. */
  readonly reach: (of: ClassReach) => string;
  /** Names of the locals that are class codecs. */
  readonly coded: Set<string>;
  /**
   * Name of the local for a purpose (one letter) and what it is about (JSON). `write` is called once, returns its
   * right-hand side, and may ask for the name of the very local it is writing.
   */
  name(purpose: string, about: unknown, write: () => string): string;
  /** All declarations: `const a0 = …; const a1 = …; `, or ''. */
  text(): string;
}

/** `Locals.reach` for code without classes. */
export const noReach = (): string => 'void 0';

export function createLocals(
  refs: readonly TypeShape[],
  reach: (of: ClassReach) => string = noReach,
): Locals {
  const names = new Map<string, string>();
  /** Purpose and right-hand side → name. */
  const written = new Map<string, string>();
  /** Names whose text is being written; true: another text already contains the name, so it has to be declared. */
  const open = new Map<string, boolean>();
  const lines: LocalText[] = [];
  const textOf = createTexts();
  return {
    refs,
    reach,
    coded: new Set(),
    name(purpose, about, write) {
      const key = `${purpose} ${textOf(about)}`;
      const known = names.get(key);
      if (known !== undefined) {
        if (open.has(known)) open.set(known, true);
        return known;
      }
      const name = `${purpose}${names.size}`;
      names.set(key, name);
      open.set(name, false);
      const text = write();
      const isMentioned = open.get(name) === true;
      open.delete(name);
      const same = written.get(`${purpose} ${text}`);
      if (same !== undefined && !isMentioned) {
        names.set(key, same);
        return same;
      }
      written.set(`${purpose} ${text}`, name);
      lines.push({ name, purpose, text });
      return name;
    },
    text: () =>
      shareTexts(lines)
        .map((line) => `${line} `)
        .join(''),
  };
}

/**
 * Maps values to texts that are equal exactly for equal JSON. The text of a list or an object is a number, so that a
 * nested shape is spelled out only once and not again inside every shape that contains it.
 */
function createTexts(): (value: unknown) => string {
  const numbers = new Map<string, string>();
  const ofObjects = new Map<object, string>();
  const textOf = (value: unknown): string => {
    if (typeof value === 'string') return `${value.length}"${value}`;
    if (typeof value !== 'object' || value === null) return String(value);
    const known = ofObjects.get(value);
    if (known !== undefined) return known;
    const parts = partsOf(value);
    const number = numbers.get(parts) ?? `#${numbers.size}`;
    numbers.set(parts, number);
    ofObjects.set(value, number);
    return number;
  };
  const partsOf = (value: object): string => {
    if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
    let text = '{';
    for (const name in value) {
      const part = (value as Readonly<Record<string, unknown>>)[name]; // its own: JSON has no prototypes
      if (part !== undefined) text += `${name}:${textOf(part)},`;
    }
    return `${text}}`;
  };
  return textOf;
}

/** Name of the local array with the names of the properties, in their order. */
export function writeNames(locals: Locals, properties: readonly PropertyShape[]): string {
  const names = properties.map((property) => property.name);
  return locals.name('n', names, () => `[${names.map(quote).join(', ')}]`);
}
