// Notices: what a developer should be told once per process, as a process warning and an event.
import { publish } from './publish.ts';

const given = new Set<string>();

/**
 * Gives a notice once per process and `key` (default: the code). The text must not contain a cache key, an argument or a
 * value. A function is called only if the notice is given.
 */
export function notice(code: `CACHEKIT_${string}`, text: string | (() => string), key: string = code): void {
  if (given.has(key)) return;
  given.add(key);
  const message = typeof text === 'string' ? text : text();
  process.emitWarning(message, { type: 'CacheKitNotice', code });
  publish('cachekit:notice', { code, message });
}

/** For tests: allows each notice to be given again. */
export function forgetNotices(): void {
  given.clear();
}
