// Registers this copy of the package among those loaded in the process.
import { notice } from '../observe/notice.ts';
import { dropTag } from './handle/drop-shared.ts';
import { flushHere, closeHere, resetHere } from './lifecycle.ts';
import { registry } from './registry.ts';

let hasJoined = false;

/** Called for each site; only the first call does something. A second copy of the package gives a notice. */
export function joinProcess(): void {
  if (hasJoined) return;
  hasJoined = true;
  const { copies } = registry();
  const path = import.meta.url;
  const other = copies.find((copy) => copy.path !== path);
  if (other !== undefined) {
    notice(
      'CACHEKIT_TWO_COPIES',
      `Two copies of cachekit are loaded; each has its own memory and connections: ${other.path} and ${path}`,
    );
  }
  copies.push({ path, onConfigure: resetHere, dropTag, flush: flushHere, close: closeHere });
}
