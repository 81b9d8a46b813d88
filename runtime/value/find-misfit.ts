// Finds where a refused value does not fit its declared type. The guard answers only yes or no, but it reads declared
// properties in order and stops at the first that does not fit: so a Proxy in place of an object sees which one it was.
// Every name thus comes from the generated code and none from the data, whose own names (of a record) may be secrets.
import { bytesName } from './bytes-kinds.ts';
import { isDate, isPlain } from './exact-kinds.ts';
import { textName } from './text-kinds.ts';

type Accepts = (value: unknown, open?: boolean) => boolean;
type Node = Record<PropertyKey, unknown>;
type Path = readonly PropertyKey[];

interface Read {
  readonly name: string;
  /** The name comes from the data. */
  readonly isOwn: boolean;
  /** Index of the object in the list that was given to the guard, or 0; undefined: the list itself was read. */
  readonly at: number | undefined;
}

/** No type accepts it. */
const POISON = Symbol('poison');

/** More would hardly help, and each level runs the guard several times. */
const MAX_LEVELS = 16;
/** Longer lists are not looked into: 1000 objects take 30 ms, once. */
const MAX_ELEMENTS = 1000;
/** No level is begun later: the caller waits for its result. */
const MAX_MS = 10;

/**
 * `.rows[].createdAt is a string`: the first place that does not fit, as far as it is certain, and what is there. A
 * sentence about `it`, the whole value, if no name is certain. The path ends at a union of objects, a Map, a Set, a list
 * of anything but objects, and a type that contains itself.
 * Never throws.
 * @param value is free of getters and proxies, and `accepts` refuses it.
 */
export function findMisfit(accepts: Accepts, value: unknown): string {
  try {
    return lookInto(accepts, value);
  } catch {
    return 'the problem is inside it'; // an exotic object that cannot be copied; the caller gets its result all the same
  }
}

function lookInto(accepts: Accepts, value: unknown): string {
  let path: Path = [];
  let text = '';
  let part = value;
  const startedMs = performance.now();
  for (let level = 0; level < MAX_LEVELS && performance.now() - startedMs < MAX_MS; level++) {
    const read = refusedOf((other) => accepts(withPart(value, path, other), true), part);
    if (read === undefined) break;
    const index = Array.isArray(part) ? [read.at as number] : []; // such a read is of an element
    text += (index.length > 0 ? '[]' : '') + stepText(read);
    part = [...index, read.name].reduce((owner, step) => (owner as Node)[step], part); // as the guard read it
    path = [...path, ...index, read.name];
  }
  const where = text === '' ? 'it' : text;
  const kind = kindOf(part);
  return kind === undefined ? `the problem is inside ${where}` : `${where} is ${kind}`;
}

/** The property that the guard refuses, of a refused object or of an object in a refused list; undefined: unknown. */
function refusedOf(guard: (other: unknown) => boolean, part: unknown): Read | undefined {
  if (Array.isArray(part) && part.length > MAX_ELEMENTS) return undefined;
  const reads = readsOf(guard, part);
  const last = reads.at(-1);
  // A list is read between its elements: if that came last, another element is wrong, or the length.
  if (last?.at === undefined) return undefined;
  // Where only one type is possible, the guard stops at the first property if that cannot be right. In a union it goes
  // on with the next member, and what it read last says nothing.
  const isOneType = [undefined, last.at].every((at) => {
    const first = reads.findIndex((read) => read.at !== undefined && (at === undefined || read.at === at));
    return readsOf(guard, part, reads[first]).length === first + 1;
  });
  return isOneType ? last : undefined;
}

/** What the guard reads of an object, or of a list and the objects in it, in order. */
function readsOf(guard: (other: unknown) => boolean, part: unknown, poisoned?: Read): readonly Read[] {
  const reads: Read[] = [];
  const watched = (object: object, at: number | undefined): object => {
    let isOwn = false;
    return new Proxy(object, {
      ownKeys(target) {
        isOwn = true; // the guard of a record lists the names before it reads
        return Reflect.ownKeys(target);
      },
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== 'string') return value;
        reads.push({ name, isOwn, at });
        return at === poisoned?.at && name === poisoned?.name ? POISON : value;
      },
    });
  };
  const one = (object: unknown, at: number): unknown => (isPlain(object) ? watched(object, at) : object);
  guard(Array.isArray(part) ? watched(part.map(one), undefined) : one(part, 0));
  return reads;
}

/** The value with another part at `path`; what leads there is copied. */
function withPart(value: unknown, path: Path, part: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  const owner = value as Node; // the path was followed before
  const copy: Node = Array.isArray(owner)
    ? (owner.slice() as never)
    : Object.assign(Object.create(Object.getPrototypeOf(owner) as object | null) as Node, owner);
  copy[step] = withPart(owner[step], rest, part);
  return copy;
}

function stepText({ name, isOwn }: Read): string {
  if (isOwn) return '[?]';
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** undefined: an object, a list, a Map or a Set, which may be what the type says, with something else inside. */
function kindOf(value: unknown): string | undefined {
  if (value === undefined) return 'undefined or missing';
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const builtIn = isDate(value) ? 'Date' : (bytesName(value) ?? textName(value));
  return builtIn === undefined ? undefined : `a ${builtIn}`;
}
