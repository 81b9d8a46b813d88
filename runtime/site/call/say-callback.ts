// The notice about an option callback that threw or returned what it must not. It never shows the error, which may hold
// values.
import { notice } from '../../observe/notice.ts';
import type { SiteCore } from '../site-core.ts';

/** Shown once per function and callback. `what`: the callbacks in question. `result`: what became of the call. */
export function sayCallback({ descriptor: { id } }: SiteCore, what: string, result: string): void {
  notice(
    'CACHEKIT_CALLBACK',
    `${what} of \`${id}\` threw, or gave what it must not: ${result}.`,
    `callback ${what} ${id}`,
  );
}
