// Records that are alike but for what is inside them, as a record that contains a record of nearly the same type, have nearly
// the same functions. These become one function of the function they call.

/** `const NAME = TEXT;` */
export interface LocalText {
  readonly name: string;
  /** The letter of its name. */
  readonly purpose: string;
  readonly text: string;
}

/** Guard, encoder, decoder and copy; keys are the way to a hit, where a call costs more than text. */
const SHARED: ReadonlySet<string> = new Set(['t', 'e', 'd', 'c']);

/** What one more function costs in characters besides its text. Sharing must gain more. */
const COST = 40;

/** A string, which is skipped, or a name that is called or handed on; keys of literals and properties are neither. */
const MENTION = /"(?:[^"\\]|\\.)*"|(?<![\w$.])[a-z]\d+(?=[(),])/g;

interface Likeness {
  /** Text in which each mentioned local of the same purpose is a number between NULs. */
  readonly pattern: string;
  /** These locals, by number. */
  readonly inner: readonly string[];
}

/** The same locals, in the same order; what is shared stands before the first that uses it. */
export function shareTexts(locals: readonly LocalText[]): readonly string[] {
  const groups = groupAlike(locals);
  return locals.flatMap((local) => {
    const group = groups.get(local);
    if (group === undefined) return `const ${local.name} = ${local.text};`;
    const made = `const ${local.name} = ${group.name}(${group.argsOf(local).join(', ')});`;
    return group.first === local ? [`const ${group.name} = ${group.text};`, made] : made;
  });
}

interface Group {
  readonly name: string;
  readonly first: LocalText;
  readonly text: string;
  readonly argsOf: (local: LocalText) => readonly string[];
}

function groupAlike(locals: readonly LocalText[]): ReadonlyMap<LocalText, Group> {
  const alike = new Map<string, Map<LocalText, readonly string[]>>();
  const before = new Set<string>();
  for (const local of locals) {
    const { pattern, inner } = likenessOf(local);
    // Arguments must be there. A loop calls for each element: there a function that V8 does not know in advance costs.
    const isFit = inner.length > 0 && inner.every((name) => before.has(name)) && !pattern.includes('for (');
    if (isFit && SHARED.has(local.purpose)) {
      const key = `${local.purpose} ${pattern}`;
      const same = alike.get(key) ?? new Map<LocalText, readonly string[]>();
      alike.set(key, same.set(local, inner));
    }
    before.add(local.name);
  }
  const groups = new Map<LocalText, Group>();
  for (const [key, same] of alike) {
    const group = groupOf(key.slice(2), same);
    if (group !== undefined) for (const local of same.keys()) groups.set(local, group);
  }
  return groups;
}

/** Undefined: not worth it. */
function groupOf(pattern: string, same: ReadonlyMap<LocalText, readonly string[]>): Group | undefined {
  const [entry, ...others] = same;
  if (entry === undefined || others.length === 0) return undefined;
  const [first, inner] = entry;
  const varying = inner.flatMap((name, at) => (others.some(([, args]) => args[at] !== name) ? at : []));
  const parameter = (at: number): string => (varying.length === 1 ? 'inner' : `inner${varying.indexOf(at)}`);
  const body = pattern.replace(/\0(\d+)\0/g, (_, digits: string) => {
    const at = Number(digits);
    return varying.includes(at) ? parameter(at) : (inner[at] ?? '');
  });
  if (body.length * others.length < COST * (others.length + 1)) return undefined;
  return {
    name: `${first.purpose.toUpperCase()}${first.name.slice(1)}`,
    first,
    text: `(${varying.map(parameter).join(', ')}) => ${body}`,
    argsOf: (local) => varying.map((at) => same.get(local)?.[at] ?? ''),
  };
}

function likenessOf({ purpose, text }: LocalText): Likeness {
  const inner: string[] = [];
  const pattern = text.replace(MENTION, (mention) => {
    if (!mention.startsWith(purpose)) return mention;
    if (!inner.includes(mention)) inner.push(mention);
    return `\0${inner.indexOf(mention)}\0`;
  });
  return { pattern, inner };
}
