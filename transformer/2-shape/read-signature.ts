// Stage 2 for one function: its parameters, captures and awaited result as neutral shapes.
import type { Range, Target } from '../1-scan/marker.ts';
import { createShapeSession, type ShapeSession } from './read-shape.ts';
import { renumberRefs } from './renumber-refs.ts';
import type { SignatureFacts, TypeHandle, TypeReader } from './type-reader.ts';
import type { ParamShape, SignatureShape } from './type-shape.ts';
import { unionShape, withoutUndefined } from './union-shape.ts';

/** What only some markers need to know. */
export interface SignatureQuestions {
  /** The names after `this` in `self=$this.id`. */
  readonly selfPath?: readonly string[] | undefined;
  /** Range of the key function. */
  readonly keyFunction?: Range | undefined;
}

/** Never throws because of a type: one that cannot be cached is `unsupported` in the shapes, with the reason. */
export function readSignature(
  reader: TypeReader,
  target: Target,
  more: SignatureQuestions = {},
): SignatureShape {
  const facts = reader.signature(target, more.selfPath);
  const session = createShapeSession(reader);
  // Results come first: a recursive type is read only once, and must be read under the stricter rules for results.
  const results = facts.results.map((type) => session.root(type, true));
  const bound = facts.bound.map(({ name, type, optional, rest }): ParamShape => {
    const shape = session.root(type, false);
    const { injected } = reader.describe(type);
    return {
      name,
      shape: optional ? withoutUndefined(shape) : shape,
      optional,
      rest,
      ...(injected !== undefined && { injected }),
    };
  });
  const named = ({ name, type }: { readonly name: string; readonly type: TypeHandle }): ParamShape => ({
    name,
    shape: session.root(type, false),
    optional: false,
    rest: false,
  });
  const captures = facts.captures.map(named);
  const key = more.keyFunction === undefined ? undefined : reader.functionResult(more.keyFunction);
  const signature: SignatureShape = {
    bound,
    captures,
    result:
      results.length > 0
        ? unionShape(results)
        : { kind: 'unsupported', reason: 'unresolved', typeText: 'unknown' },
    returnsPromise: facts.returnsPromise,
    predicate: facts.predicate,
    ...(facts.overridden !== undefined && { overridden: facts.overridden }),
    ...(facts.thisFields !== undefined && { thisFields: facts.thisFields.map(named) }),
    ...(facts.self !== undefined && { self: readSelf(facts.self, session) }),
    ...(key !== undefined && { keyResult: { shape: session.root(key.type, false), promise: key.promise } }),
    ...bodyOf(facts),
    refs: session.refs,
    files: [...new Set([...facts.files, ...session.files])].toSorted(),
  };
  return renumberRefs(signature);
}

function readSelf(
  self: NonNullable<SignatureFacts['self']>,
  session: ShapeSession,
): NonNullable<SignatureShape['self']> {
  return self.ok ? { ok: true, shape: session.root(self.type, false) } : self;
}

/** Findings from the body and from the return type as written; those that do not apply are left out. */
function bodyOf({ effects, instances, asserted, mixed, thenable }: SignatureFacts): Partial<SignatureShape> {
  return {
    ...(effects !== undefined && { effects }),
    ...(instances !== undefined && { instances }),
    ...(asserted !== undefined && { asserted }),
    ...(mixed === true && { mixed }),
    ...(thenable !== undefined && { thenable }),
  };
}
