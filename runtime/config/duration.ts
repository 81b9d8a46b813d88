// Parses durations as people write them: '5m', or a number of seconds.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** A number of seconds, or text with a unit (`'250ms'`, `'5m'`); finite and > 0. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds. `what` names the setting in the error. @throws ERR_CACHEKIT_CONFIG unless finite and > 0 */
export function parseDuration(value: unknown, what: string): number {
  const ms = toMs(value);
  if (ms !== undefined && Number.isFinite(ms) && ms > 0) return ms;
  throw new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    `\`${what}\` is not a duration. Write a number of seconds greater than 0, or text such as '5m' (ms, s, m, h, d, w).`,
  );
}

/** Longest delay of a Node timer. A longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** As `parseDuration`, for a duration that a timer waits. @throws ERR_CACHEKIT_CONFIG also for more than 24 days */
export function parseWait(value: unknown, what: string): number {
  const ms = parseDuration(value, what);
  if (ms <= LONGEST_TIMER_MS) return ms;
  throw new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    `\`${what}\` is longer than 24 days: nothing can wait for so long.`,
  );
}

function toMs(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string') return undefined;
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(value.trim());
  const unitMs = UNIT_MS[parts?.[2] ?? ''];
  return unitMs === undefined ? undefined : Number(parts?.[1]) * unitMs;
}
