// Finds the calls of `cacheOf` from "cachekit" whose argument is a #private method. Only code in the class can read
// such a method, so the emitted call itself passes the method to the runtime.
import type TS from 'typescript';
import type { PrivateHandle } from '../../../1-scan/private-handle.ts';
import type { FileIndex } from './file-index.ts';
import { constInitializer } from './options.ts';
import { exportOf } from './package-exports.ts';
import { isFunctionLiteral, unwrap } from './tree.ts';

/** All such calls in source order. */
export function listPrivateHandles(index: FileIndex): readonly PrivateHandle[] {
  const { ts } = index;
  return index.calls.flatMap((call) => {
    const [argument, ...others] = call.arguments;
    if (argument === undefined || others.length > 0) return [];
    if (exportOf(index, call.expression) !== 'cacheOf') return [];
    return describe(index, unwrap(ts, argument)) ?? [];
  });
}

type PrivateAccess = TS.PropertyAccessExpression & { readonly name: TS.PrivateIdentifier };

function describe(index: FileIndex, argument: TS.Expression): PrivateHandle | undefined {
  const { access, via } = accessIn(index, argument);
  if (access === undefined) return undefined;
  const method = functionOf(index, access);
  if (method === undefined) return undefined;
  return {
    range: index.rangeOf(argument),
    objectEnd: access.expression.end,
    name: access.name.text,
    fn: { start: method.pos, end: method.end },
    ...(via !== undefined && { via }),
  };
}

/** The access `x.#m`. `via`: how it is given instead of directly, as a constant or as a bound copy, for the message. */
function accessIn(
  index: FileIndex,
  argument: TS.Expression,
): { readonly access: PrivateAccess | undefined; readonly via?: string } {
  const { ts } = index;
  if (isPrivateAccess(ts, argument)) return { access: argument };
  if (ts.isIdentifier(argument)) {
    const initializer = constInitializer(index, argument);
    const value = initializer === undefined ? undefined : unwrap(ts, initializer);
    const isOne = value !== undefined && isPrivateAccess(ts, value);
    return { access: isOne ? value : undefined, via: `'${argument.text}'` };
  }
  if (!ts.isCallExpression(argument) || !ts.isPropertyAccessExpression(argument.expression))
    return { access: undefined };
  const { expression: bound, name } = argument.expression;
  const isBound = name.text === 'bind' && isPrivateAccess(ts, bound);
  return { access: isBound ? bound : undefined, via: 'a bound copy' };
}

function isPrivateAccess(ts: typeof TS, node: TS.Node): node is PrivateAccess {
  return ts.isPropertyAccessExpression(node) && ts.isPrivateIdentifier(node.name);
}

/** The method, or the function that initializes the field, in the nearest class that declares the name. */
function functionOf(index: FileIndex, access: PrivateAccess): TS.FunctionLikeDeclaration | undefined {
  const { ts } = index;
  const { text } = access.name;
  let from: TS.Node = access;
  for (let up = index.parentOf(from); up !== undefined; from = up, up = index.parentOf(up)) {
    // The expression after `extends` is outside of the scope of the class's private names.
    if (!ts.isClassLike(up) || ts.isHeritageClause(from)) continue;
    const member = up.members.find(
      ({ name }) => name !== undefined && ts.isPrivateIdentifier(name) && name.text === text,
    );
    if (member === undefined) continue;
    if (ts.isMethodDeclaration(member)) return member;
    const field = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
    const value = field === undefined ? undefined : unwrap(ts, field);
    return value !== undefined && isFunctionLiteral(ts, value) ? value : undefined;
  }
  return undefined;
}
