// What the compiler makes of a function with a given result type.
import { shapeHash } from '../../../../../transformer/2-shape/hash-shape.ts';
import type { TypeShape } from '../../../../../transformer/2-shape/type-shape.ts';
import { chooseSerializer } from '../../../../../transformer/3-plan/choose-serializer.ts';
import { testProgram } from '../../../2-shape/typescript-program.ts';

export function hashed(
  head: string,
  result: string,
): { readonly shape: TypeShape; readonly hash: string; readonly serializer: object } {
  const program = testProgram(`${head} export async function f(): Promise<${result}> { throw 0; }`);
  const signature = program.signature('f');
  const { serializer } = chooseSerializer(undefined, signature.result, signature.refs);
  return { shape: signature.result, hash: shapeHash(signature), serializer };
}
