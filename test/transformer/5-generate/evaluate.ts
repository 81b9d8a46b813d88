// Turns generated text into the function it is, in this realm: prototypes are the test's own.
import { runInThisContext } from 'node:vm';

export function evaluate(text: string | undefined): Evaluated {
  return runInThisContext(`(${text})`);
}

/** Any arguments, any result: the caller says what it is. */
// eslint-disable-next-line typescript/no-explicit-any -- the text's type is what the test is about
type Evaluated = (...args: any[]) => any;
