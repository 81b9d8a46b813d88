// Things a developer must hear once: a process warning and an event.
import { publish } from './publish.ts';

const said = new Set<string>();

/** Says it once per process and `key` (default: the code). Never a key, argument or value in the message. */
export function notice(code: `CACHEKIT_${string}`, message: string, key: string = code): void {
  if (said.has(key)) return;
  said.add(key);
  process.emitWarning(message, { type: 'CacheKitNotice', code });
  publish('cachekit:notice', { code, message });
}

/** Tests only: forget what was said. */
export function forgetNotices(): void {
  said.clear();
}
