// Types that differ only in the types of their parts have functions that differ only in the functions they call. Such
// functions become calls of one shared function, which takes the functions that differ as parameters.

/** One local function: `const NAME = TEXT;` */
export interface LocalText {
  readonly name: string;
  /** The letter that its name begins with. */
  readonly purpose: string;
  readonly text: string;
}

/**
 * Guards, encoders, decoders and copies. Not key functions, which run on every hit: there a call costs more than text.
 */
const SHARED: ReadonlySet<string> = new Set(['t', 'e', 'd', 'c']);

/** Characters that one more function costs besides its body. Sharing must save more than that. */
const COST = 40;

/**
 * Matches mentions of locals: names that are called or passed on, but no property names. Also strings, to skip them.
 */
const MENTION = /"(?:[^"\\]|\\.)*"|(?<![\w$.])[a-z]\d+(?=[(),])/g;

/** The text of a local with its calls of other locals abstracted away. */
interface Likeness {
  /** The text with each mentioned local of the same purpose replaced by a number between NUL characters. */
  readonly pattern: string;
  /** The replaced names, by number. */
  readonly inner: readonly string[];
}

/** Declarations of the same locals in the same order, each shared function before the first local that uses it. */
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
    // Arguments must be declared before. Loops are excluded: V8 cannot inline a function passed as a parameter, which
    // would cost for each element.
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

/** Undefined: sharing would not save anything. */
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
