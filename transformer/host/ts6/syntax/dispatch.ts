// Finds what a function reads of `this` and `super`. A call of a method is followed if the method is in the same file:
// when the method reads nothing of the object, the call does not count. A call that cannot be followed counts as a
// read.
import type TS from 'typescript';
import type { Target, ThisRead } from '../../../1-scan/marker.ts';
import type { FileIndex } from './file-index.ts';
import { holderOf, memberName } from './names.ts';
import { constInitializer } from './options.ts';
import { hasModifier, isWrapper, unwrap } from './tree.ts';

/** What a walk over a function finds: its own `this` and `super` keywords, and whether it captures variables. */
export interface OwnReads {
  keywordsOf(fn: TS.FunctionLikeDeclaration): readonly TS.Node[];
  hasCaptures(fn: TS.FunctionLikeDeclaration): boolean;
}

/** The part of a Target that is about `this`. */
export interface ThisUses {
  readonly thisReads: Target['thisReads'];
  readonly thisCalls: NonNullable<Target['thisCalls']>;
}

type Owner = TS.ClassLikeDeclaration | TS.ObjectLiteralExpression;

/** The class or object that a method belongs to. */
interface Home {
  readonly owner: Owner | undefined;
  readonly isStatic: boolean;
}

interface Walk {
  readonly index: FileIndex;
  readonly own: OwnReads;
  /**
   * Where the look-up of `this.m()` starts: at the class of the marked function, even in methods of its base classes.
   */
  readonly self: Home;
  /** Functions that were read. */
  readonly seen: Set<TS.Node>;
  /** Calls of methods that a subclass can override. */
  readonly calls: { readonly name: string; readonly range: ThisRead['range'] }[];
}

/** What `fn` reads of its object, and the methods of the object that it calls. */
export function readThis(index: FileIndex, fn: TS.FunctionLikeDeclaration, own: OwnReads): ThisUses {
  const self = homeOf(index, fn);
  const walk: Walk = { index, own, self, seen: new Set([fn]), calls: [] };
  const thisReads = readsOf(walk, fn, self);
  return { thisReads, thisCalls: walk.calls };
}

/** The class or object literal that `this` and `super` refer to in a method, or in an arrow function of a field. */
function homeOf(index: FileIndex, fn: TS.FunctionLikeDeclaration): Home {
  const { ts } = index;
  const member = ts.isArrowFunction(fn) ? holderOf(index, fn) : fn;
  const isMember =
    member !== undefined && (ts.isMethodDeclaration(member) || ts.isPropertyDeclaration(member));
  const owner = isMember ? index.parentOf(member) : undefined;
  const isOwner = owner !== undefined && (ts.isClassLike(owner) || ts.isObjectLiteralExpression(owner));
  if (!isMember || !isOwner) return { owner: undefined, isStatic: false };
  return { owner, isStatic: hasModifier(ts, member, ts.SyntaxKind.StaticKeyword) };
}

/** What a function of the class or object reads, where the methods that it calls are included. */
function readsOf(walk: Walk, fn: TS.FunctionLikeDeclaration, home: Home): readonly ThisRead[] {
  return walk.own.keywordsOf(fn).flatMap((keyword) => readOf(walk, keyword, home) ?? []);
}

/** What one `this` or `super` reads; undefined: it calls a method that reads nothing of the object. */
function readOf(walk: Walk, keyword: TS.Node, home: Home): ThisRead | undefined {
  const { index } = walk;
  const { ts } = index;
  const isSuper = keyword.kind === ts.SyntaxKind.SuperKeyword;
  const access = index.parentOf(keyword);
  const name = access === undefined ? undefined : accessedName(ts, access, keyword);
  if (access === undefined || name === undefined)
    return { name: isSuper ? 'super' : undefined, range: index.rangeOf(keyword) };
  const read = { name: isSuper ? 'super' : name, range: index.rangeOf(access) };
  if (!isCallee(index, access)) return read;
  if (isSuper) return readOfCall(walk, read, `super${member(name)}()`, superMethod(index, home, name));
  const { self } = walk;
  if (self.isStatic || self.owner === undefined || !ts.isClassLike(self.owner)) return read;
  // A private name belongs to the class in which it is written; any other method may be overridden in the class of
  // `self`.
  const isPrivate = name.startsWith('#');
  const found = findMethod(index, isPrivate ? home : self, name);
  if (found === undefined) return read; // not a method of this file, but maybe a field with a function, or an accessor
  if (!isPrivate) walk.calls.push({ name, range: read.range });
  return readOfCall(walk, read, `this${member(name)}()`, found);
}

/** What a call of the method `found` reads. `text`: the call, for the message. */
function readOfCall(
  walk: Walk,
  read: ThisRead,
  text: string,
  found: Found | undefined,
): ThisRead | undefined {
  if (found === undefined) return { ...read, call: { text, reads: undefined } };
  if (walk.seen.has(found.method)) return undefined;
  walk.seen.add(found.method);
  if (walk.own.hasCaptures(found.method))
    return { ...read, call: { text, reads: 'variables of an enclosing function' } };
  const inner = readsOf(walk, found.method, found.home);
  const [first] = inner;
  if (first === undefined) return undefined;
  const fields = fieldsOf(walk, inner, found.home);
  const reads = first.call?.reads ?? textOf(first);
  return { ...read, call: { text, reads, ...(fields !== undefined && { fields }) } };
}

/** The names of all fields read; undefined when one of them is not the same as `this.name` in the marked function. */
function fieldsOf(walk: Walk, reads: readonly ThisRead[], home: Home): readonly string[] | undefined {
  const isOwn = home.owner === walk.self.owner;
  const names = reads.map(({ name, call }): readonly string[] | undefined => {
    if (call !== undefined) return call.fields;
    if (name === undefined || name === 'super') return undefined;
    // A private name of another class is not `this.#name` of this one.
    return isOwn || !name.startsWith('#') ? [name] : undefined;
  });
  return names.includes(undefined) ? undefined : [...new Set(names.flatMap((one) => one ?? []))];
}

/** `.name`, or `["name"]`. */
function member(name: string): string {
  return name.startsWith('#') || IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function textOf({ name, call }: ThisRead): string {
  if (call !== undefined) return call.text;
  return name === undefined ? '`this`' : name === 'super' ? '`super`' : `this.${name}`;
}

/** `x` of `this.x` and `this['x']`; undefined: the access is not one of these, or its name is not known. */
function accessedName(ts: typeof TS, access: TS.Node, object: TS.Node): string | undefined {
  if (ts.isPropertyAccessExpression(access) && access.expression === object)
    return access.name.text === '' ? undefined : access.name.text;
  if (!ts.isElementAccessExpression(access) || access.expression !== object) return undefined;
  return ts.isStringLiteralLike(access.argumentExpression) ? access.argumentExpression.text : undefined;
}

/** Whether the access, maybe in parentheses or `as`, is what a call calls. */
function isCallee(index: FileIndex, access: TS.Node): boolean {
  const { ts } = index;
  let callee = access;
  let parent = index.parentOf(callee);
  for (; parent !== undefined && isWrapper(ts, parent); parent = index.parentOf(callee)) callee = parent;
  return parent !== undefined && ts.isCallExpression(parent) && parent.expression === callee;
}

interface Found {
  readonly method: TS.MethodDeclaration;
  readonly home: Home;
}

/**
 * The method of this name in the class itself or the nearest base class of the file. Undefined: there is none, or a
 * field or accessor of this name comes first.
 */
function findMethod(index: FileIndex, home: Home, name: string): Found | undefined {
  const seen = new Set<Owner>();
  for (let { owner } = home; owner !== undefined && !seen.has(owner); owner = baseOf(index, owner)) {
    seen.add(owner);
    const answer = ownMethod(index, owner, name, home.isStatic);
    if (answer === 'hidden') return undefined;
    if (answer !== undefined) return { method: answer, home: { owner, isStatic: home.isStatic } };
  }
  return undefined;
}

function superMethod(index: FileIndex, home: Home, name: string): Found | undefined {
  const owner = home.owner === undefined ? undefined : baseOf(index, home.owner);
  return owner === undefined ? undefined : findMethod(index, { owner, isStatic: home.isStatic }, name);
}

/** `hidden`: the class has a member of this name, or may have one, and it is not certainly a method. */
function ownMethod(
  index: FileIndex,
  owner: Owner,
  name: string,
  isStatic: boolean,
): TS.MethodDeclaration | 'hidden' | undefined {
  const { ts } = index;
  const members: readonly (TS.ClassElement | TS.ObjectLiteralElementLike)[] = ts.isClassLike(owner)
    ? owner.members.filter((member) => hasModifier(ts, member, ts.SyntaxKind.StaticKeyword) === isStatic)
    : owner.properties;
  // The members that a spread adds are not known.
  if (members.some((member) => ts.isSpreadAssignment(member))) return 'hidden';
  const named = members.filter(
    (member) => member.name !== undefined && memberName(index, member.name) === name,
  );
  if (named.length === 0) return undefined;
  const methods = named.filter((member) => ts.isMethodDeclaration(member));
  const method = methods.find((member) => member.body !== undefined);
  const isPlain = methods.length === named.length && method !== undefined;
  // A decorator can replace the method by anything.
  return isPlain && (ts.getDecorators(method) ?? []).length === 0 ? method : 'hidden';
}

/** The base class, or the object after `__proto__:`; undefined when it is not in the same file. */
function baseOf(index: FileIndex, owner: Owner): Owner | undefined {
  const { ts } = index;
  if (ts.isObjectLiteralExpression(owner)) return prototypeOf(index, owner);
  const clause = owner.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  const base = type === undefined ? undefined : unwrap(ts, type.expression);
  if (base === undefined || !ts.isIdentifier(base)) return undefined;
  const binding = index.resolve(base);
  if (binding?.kind === 'class') {
    const classes = binding.declarations.filter((declaration) => ts.isClassLike(declaration));
    return binding.assigned || classes.length !== 1 ? undefined : classes[0];
  }
  const initializer = constInitializer(index, base);
  const value = initializer === undefined ? undefined : unwrap(ts, initializer);
  return value !== undefined && ts.isClassLike(value) ? value : undefined;
}

function prototypeOf(index: FileIndex, object: TS.ObjectLiteralExpression): Owner | undefined {
  const { ts } = index;
  const property = object.properties.find(
    (item) =>
      ts.isPropertyAssignment(item) &&
      !ts.isComputedPropertyName(item.name) &&
      memberName(index, item.name) === '__proto__',
  );
  if (property === undefined || !ts.isPropertyAssignment(property)) return undefined;
  const value = unwrap(ts, property.initializer);
  const initializer = ts.isIdentifier(value) ? constInitializer(index, value) : value;
  const literal = initializer === undefined ? undefined : unwrap(ts, initializer);
  return literal !== undefined && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}
