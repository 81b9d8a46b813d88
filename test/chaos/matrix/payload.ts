// The one right value of a key and a version: long enough that a shifted, cut or flipped reply shows.
import type { User } from '../../runtime/site/hand-written.ts';

export function payloadOf(key: number, version: number): User {
  const word = `${key}:${version};`;
  return { id: key, tags: [String(version), word.repeat(20)] };
}
