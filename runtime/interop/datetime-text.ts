// A Date in a value as text: ISO 8601 with an offset, in the years 1 to 9999, which every language can read.

/** Names in the map of two entries that represents a date in a value, in the order of writing. */
export const DATETIME_MARK = '__datetime__';
export const DATETIME_TEXT = 'value';

const YEAR_1_MS = -62_135_596_800_000;
const YEAR_10000_MS = 253_402_300_800_000;

/** `2024-01-01T12:30:45.123Z`; undefined: the date is invalid, or not in the years 1 to 9999. */
export function datetimeText(timeMs: number): string | undefined {
  return timeMs >= YEAR_1_MS && timeMs < YEAR_10000_MS ? new Date(timeMs).toISOString() : undefined;
}

const PATTERN =
  /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)$/;

/**
 * Parses a text with an offset; fractions are cut to milliseconds. undefined: another text, a day that does not exist,
 * or no offset, since a local time is no instant.
 */
export function parseDatetime(text: string): Date | undefined {
  if (text.length > 40) return undefined;
  const [, day, time, fraction = '', sign, hours = 0, minutes = 0, seconds = 0] = PATTERN.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const local = `${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const localMs = Date.parse(local);
  // Date.parse turns 30 February into a day in March, and 24:00:00 into the next day: then the text changes.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) return undefined;
  const offsetMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return new Date(localMs - (sign === '-' ? -offsetMs : offsetMs));
}
