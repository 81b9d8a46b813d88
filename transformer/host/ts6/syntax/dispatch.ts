// Calls of methods on `this` and `super`, followed to the method where the same file has it: one that reads nothing of
// the object is as good as a plain function. What cannot be followed counts as a read of the object.
import type TS from 'typescript';
import type { Target, ThisRead } from '../../../1-scan/marker.ts';
import type { FileIndex } from './file-index.ts';
import { holderOf, memberName } from './names.ts';
import { constInitializer } from './options.ts';
import { hasModifier, isWrapper, unwrap } from './tree.ts';

/** What the walk over a function gives: each `this` and `super` of its own, and whether it captures variables. */
export interface OwnReads {
  keywordsOf(fn: TS.FunctionLikeDeclaration): readonly TS.Node[];
  hasCaptures(fn: TS.FunctionLikeDeclaration): boolean;
}

export interface ThisUses {
  readonly thisReads: Target['thisReads'];
  readonly thisCalls: NonNullable<Target['thisCalls']>;
}

type Owner = TS.ClassLikeDeclaration | TS.ObjectLiteralExpression;

interface Home {
  readonly owner: Owner | undefined;
  readonly isStatic: boolean;
}

interface Walk {
  readonly index: FileIndex;
  readonly own: OwnReads;
  /** Where `this.m()` starts to look: the class of the marked function, also for calls in its base classes. */
  readonly self: Home;
  readonly seen: Set<TS.Node>;
  readonly calls: { readonly name: string; readonly range: ThisRead['range'] }[];
}

export function readThis(index: FileIndex, fn: TS.FunctionLikeDeclaration, own: OwnReads): ThisUses {
  const self = homeOf(index, fn);
  const walk: Walk = { index, own, self, seen: new Set([fn]), calls: [] };
  const thisReads = stateReads(walk, fn, self);
  return { thisReads, thisCalls: walk.calls };
}

/** The class or object that `this` and `super` of a method or a field's arrow belong to. */
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

function stateReads(walk: Walk, fn: TS.FunctionLikeDeclaration, home: Home): readonly ThisRead[] {
  return walk.own.keywordsOf(fn).flatMap((keyword) => readOf(walk, keyword, home) ?? []);
}

/** Undefined: a call of a method that reads nothing of the object. */
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
  // A private name means that of the class it is written in.
  const isPrivate = name.startsWith('#');
  const found = methodOf(index, isPrivate ? home : self, name);
  if (found === undefined) return read; // a field that holds a function, an accessor
  if (!isPrivate) walk.calls.push({ name, range: read.range });
  return readOfCall(walk, read, `this${member(name)}()`, found);
}

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
  const inner = stateReads(walk, found.method, found.home);
  const [first] = inner;
  if (first === undefined) return undefined;
  const fields = fieldsOf(walk, inner, found.home);
  const reads = first.call?.reads ?? textOf(first);
  return { ...read, call: { text, reads, ...(fields !== undefined && { fields }) } };
}

/** Names of all reads, where the marked function could read the same by `this.name`. */
function fieldsOf(walk: Walk, reads: readonly ThisRead[], home: Home): readonly string[] | undefined {
  const isOwn = home.owner === walk.self.owner;
  const names = reads.map(({ name, call }): readonly string[] | undefined => {
    if (call !== undefined) return call.fields;
    if (name === undefined || name === 'super') return undefined;
    // A private name means that of the class it is written in.
    return isOwn || !name.startsWith('#') ? [name] : undefined;
  });
  return names.includes(undefined) ? undefined : [...new Set(names.flatMap((one) => one ?? []))];
}

function member(name: string): string {
  return name.startsWith('#') || IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function textOf({ name, call }: ThisRead): string {
  if (call !== undefined) return call.text;
  return name === undefined ? '`this`' : name === 'super' ? '`super`' : `this.${name}`;
}

/** `x` of `this.x`, `this['x']`. */
function accessedName(ts: typeof TS, access: TS.Node, object: TS.Node): string | undefined {
  if (ts.isPropertyAccessExpression(access) && access.expression === object)
    return access.name.text === '' ? undefined : access.name.text;
  if (!ts.isElementAccessExpression(access) || access.expression !== object) return undefined;
  return ts.isStringLiteralLike(access.argumentExpression) ? access.argumentExpression.text : undefined;
}

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

/** The method of that name in the class itself, else in its base classes; a field or an accessor of that name hides them. */
function methodOf(index: FileIndex, home: Home, name: string): Found | undefined {
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
  return owner === undefined ? undefined : methodOf(index, { owner, isStatic: home.isStatic }, name);
}

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
  // What a spread brings is not known.
  if (members.some((member) => ts.isSpreadAssignment(member))) return 'hidden';
  const named = members.filter(
    (member) => member.name !== undefined && memberName(index, member.name) === name,
  );
  if (named.length === 0) return undefined;
  const methods = named.filter((member) => ts.isMethodDeclaration(member));
  const method = methods.find((member) => member.body !== undefined);
  const isPlain = methods.length === named.length && method !== undefined;
  // A decorator may put anything in the place of the method.
  return isPlain && (ts.getDecorators(method) ?? []).length === 0 ? method : 'hidden';
}

/** `extends Base` of the same file, `__proto__: base` of an object literal. */
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
