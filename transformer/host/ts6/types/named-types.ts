// Recognises types by name: those of personal data (build option), and those that never become part of a key.
import type ts from 'typescript';
import type { Marks } from './brand.ts';
import { injectedNames, injectedTypes } from './injected-types.ts';
import type { CheckContext } from './origin.ts';

/** The marks of a type that is in one of the lists. `injected`: its name, if it never becomes part of a key. */
export function namedMarks(context: CheckContext, type: ts.Type): Marks & { readonly injected?: string } {
  const { sensitiveTypes = [], ignoredTypes = [] } = context.build ?? {};
  const isSensitive =
    sensitiveTypes.length > 0 && namesOf(context, type).some((name) => sensitiveTypes.includes(name));
  const injected = injectedName(context, type, ignoredTypes);
  return { ...(isSensitive && { sensitive: 'pii' as const }), ...(injected !== undefined && { injected }) };
}

/**
 * The name of an injected type, also in a union such as `AbortSignal | undefined`. In other unions it does not count.
 */
function injectedName(context: CheckContext, type: ts.Type, more: readonly string[]): string | undefined {
  const { ts } = context;
  const nothing = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
  const parts = (type.isUnion() ? type.types : [type]).filter((part) => (part.flags & nothing) === 0);
  let first: string | undefined;
  for (const part of parts) {
    const mayBe = more.length > 0 || isNamedLike(part.symbol) || isNamedLike(part.aliasSymbol);
    const found = mayBe
      ? namesOf(context, part).find((name) => injectedTypes.has(name) || more.includes(name))
      : undefined;
    if (found === undefined) return undefined;
    first ??= found;
  }
  return first?.replace(/^.*#/, '');
}

function isNamedLike(symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && injectedNames.has(symbol.name);
}

/** `package#Type` for the declaration and for the alias of a type. */
function namesOf(context: CheckContext, type: ts.Type): readonly string[] {
  return [type.symbol, type.aliasSymbol].flatMap((symbol) => {
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined || symbol.name.startsWith('__')) return [];
    const owner = isPrismaClient(symbol) ? '@prisma/client' : packageOf(context, declaration);
    return owner === undefined ? [] : [`${owner}#${symbol.name}`];
  });
}

/** Prisma generates its client into a folder of the project, so that its package is that of the project. */
function isPrismaClient({ name, members }: ts.Symbol): boolean {
  if (name !== 'PrismaClient' || members === undefined) return false;
  return ['$connect', '$transaction', '$extends'].every((member) => members.has(member as ts.__String)); // no leading `__`
}

/** The package under the name by which code imports it: `pg` for a declaration in `@types/pg`. */
function packageOf({ origins }: CheckContext, node: ts.Node): string | undefined {
  if (origins.isPlatform(node)) return '*';
  const { fileName } = node.getSourceFile();
  const inside = fileName.split('/node_modules/').at(-1);
  if (inside === undefined || inside === fileName) return origins.packageOf(fileName)?.name;
  const [scope = '', name = ''] = inside.split('/');
  if (scope === '@types') return name.includes('__') ? `@${name.replace('__', '/')}` : name;
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
