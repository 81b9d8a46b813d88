// This copy of the package among the others of the process: joins at its first site, leaves never.
import { notice } from '../observe/notice.ts';
import { dropTag } from './handle/drop-shared.ts';
import { flushHere, closeHere, resetHere } from './lifecycle.ts';
import { registry } from './registry.ts';

let hasJoined = false;

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
