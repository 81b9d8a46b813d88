// No more than so many lines of a kind per second: a backend that is away must not fill a disk.

/** Per kind of line. */
const LINES_PER_SECOND = 10;

interface Window {
  beganMs: number;
  lines: number;
  suppressed: number;
}

/**
 * Asked before a line is made. undefined: leave it out. Else how many of its kind were left out since the last one.
 * Kinds come from a fixed set.
 */
export type LineLimit = (kind: string) => number | undefined;

export function createLineLimit(nowMs: () => number): LineLimit {
  const windows = new Map<string, Window>();
  return (kind) => {
    const now = nowMs();
    let window = windows.get(kind);
    if (window === undefined) windows.set(kind, (window = { beganMs: now, lines: 0, suppressed: 0 }));
    // Also when the clock was replaced by one that counts from elsewhere.
    if (now - window.beganMs >= 1000 || now < window.beganMs) {
      window.beganMs = now;
      window.lines = 0;
    }
    if (window.lines >= LINES_PER_SECOND) {
      window.suppressed++;
      return undefined;
    }
    window.lines++;
    const { suppressed } = window;
    window.suppressed = 0;
    return suppressed;
  };
}
