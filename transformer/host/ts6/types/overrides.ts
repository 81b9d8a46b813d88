// Finds subclasses that override a method which a marked method calls on `this`. The result of the marked method then
// depends on the object, even if the code of its own class does not.
import type ts from 'typescript';
import type { Target } from '../../../1-scan/marker.ts';
import type { SignatureFacts } from '../../../2-shape/type-reader.ts';
import type { CheckContext } from './origin.ts';

interface Overrides {
  readonly overridden: NonNullable<SignatureFacts['overridden']>;
  /** Files of the classes found. */
  readonly files: readonly string[];
}

/** Looks through all classes of the project, unless the target calls no method of its object. */
export function findOverrides(context: CheckContext, node: ts.Node, target: Target): Overrides {
  const names = new Set((target.thisCalls ?? []).map((call) => call.name));
  const owner = names.size === 0 ? undefined : classAround(context, node);
  if (owner === undefined) return { overridden: [], files: [] };
  const overridden: { name: string; by: string }[] = [];
  const files = new Set<string>();
  for (const file of context.program.getSourceFiles()) {
    if (context.origins.isThirdParty(file)) continue;
    for (const subclass of subclassesIn(context, file)) {
      const own = subclass.members.flatMap(({ name }) => (name === undefined ? [] : [textOf(context, name)]));
      const replaced = own.filter((name) => names.has(name));
      if (replaced.length === 0 || !isSubclass(context, subclass, owner)) continue;
      files.add(file.fileName);
      for (const name of new Set(replaced))
        overridden.push({ name, by: subclass.name?.text ?? 'a subclass' });
    }
  }
  return { overridden, files: [...files] };
}

function classAround({ ts }: CheckContext, node: ts.Node): ts.ClassLikeDeclaration | undefined {
  let at: ts.Node | undefined = node;
  while (at !== undefined && !ts.isClassLike(at)) at = at.parent;
  return at;
}

/** By file. The result depends on syntax alone, so programs that share a file share it too. */
const subclasses = new WeakMap<ts.SourceFile, readonly ts.ClassLikeDeclaration[]>();

/** The classes of a file that have an `extends`, in source order. */
function subclassesIn({ ts }: CheckContext, file: ts.SourceFile): readonly ts.ClassLikeDeclaration[] {
  const known = subclasses.get(file);
  if (known !== undefined) return known;
  const found: ts.ClassLikeDeclaration[] = [];
  const step = (node: ts.Node): void => {
    if (ts.isClassLike(node) && node.heritageClauses?.some(isExtends) === true) found.push(node);
    ts.forEachChild(node, step);
  };
  const isExtends = ({ token }: ts.HeritageClause) => token === ts.SyntaxKind.ExtendsKeyword;
  if (/\bextends\b/.test(file.text)) step(file);
  subclasses.set(file, found);
  return found;
}

/** '' for computed names: these are not compared. */
function textOf({ ts }: CheckContext, name: ts.PropertyName): string {
  return ts.isComputedPropertyName(name) ? '' : name.text;
}

function isSubclass(
  { checker }: CheckContext,
  subclass: ts.ClassLikeDeclaration,
  owner: ts.ClassLikeDeclaration,
): boolean {
  const wanted = checker.getTypeAtLocation(owner).symbol;
  const seen = new Set<ts.Type>();
  const step = (type: ts.Type): boolean => {
    if (seen.has(type) || !type.isClassOrInterface()) return false;
    seen.add(type);
    return checker.getBaseTypes(type).some((base) => base.symbol === wanted || step(targetOf(base)));
  };
  return step(targetOf(checker.getTypeAtLocation(subclass)));
}

/** `Base<T>` for `Base<string>`: only the declared type has bases. */
function targetOf(type: ts.Type): ts.Type {
  return (type as Partial<ts.TypeReference>).target ?? type; // only references have one
}
