// Notices: what a developer should be told once per process, as a process warning and an event.
import { publish } from './publish.ts';

const given = new Set<string>();

/**
 * Gives a notice once per process and `key` (default: the code). The message must not contain a cache key, an argument
 * or a value.
 */
export function notice(code: `CACHEKIT_${string}`, message: string, key: string = code): void {
  if (given.has(key)) return;
  given.add(key);
  process.emitWarning(message, { type: 'CacheKitNotice', code });
  publish('cachekit:notice', { code, message });
}

/** For tests: allows each notice to be given again. */
export function forgetNotices(): void {
  given.clear();
}
