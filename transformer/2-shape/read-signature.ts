// The whole of stage 2 for one function: its parameters, captures and awaited result as neutral shapes.
import type { Target } from '../1-scan/marker.ts';
import { createShapeSession } from './read-shape.ts';
import { renumberRefs } from './renumber-refs.ts';
import type { TypeReader } from './type-reader.ts';
import type { ParamShape, SignatureShape } from './type-shape.ts';
import { unionShape, withoutUndefined } from './union-shape.ts';

/** Never throws for a type: what cannot be cached is in the shapes as `unsupported`, with the reason. */
export function readSignature(reader: TypeReader, target: Target): SignatureShape {
  const facts = reader.signature(target);
  const session = createShapeSession(reader);
  // First, because recursive types are read once: what a result may not have, a parameter then has not either.
  const results = facts.results.map((type) => session.root(type, true));
  const bound = facts.bound.map(({ name, type, optional, rest }): ParamShape => {
    const shape = session.root(type, false);
    return { name, shape: optional ? withoutUndefined(shape) : shape, optional, rest };
  });
  const captures = facts.captures.map(({ name, type }): ParamShape => ({
    name,
    shape: session.root(type, false),
    optional: false,
    rest: false,
  }));
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
    refs: session.refs,
    files: [...new Set([...facts.files, ...session.files])].toSorted(),
  };
  return renumberRefs(signature);
}
