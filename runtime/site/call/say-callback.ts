// A callback of the user's that throws, or gives what it must not: once per function and callback, and never what it threw.
import { notice } from '../../observe/notice.ts';
import type { SiteCore } from '../site-core.ts';

/** `what`: the callbacks it may have been, as text. `result`: what became of the call. */
export function sayCallback({ descriptor: { id } }: SiteCore, what: string, result: string): void {
  notice(
    'CACHEKIT_CALLBACK',
    `${what} of \`${id}\` threw, or gave what it must not: ${result}.`,
    `callback ${what} ${id}`,
  );
}
