// Limits log lines to 10 per second of each kind, so that a backend that is down does not fill a disk.

/** For each kind of line. */
const LINES_PER_SECOND = 10;

interface Window {
  beganMs: number;
  lines: number;
  suppressed: number;
}

/**
 * Called before a line is made. undefined: suppress it. Else the number of lines of this kind that were suppressed
 * since the last one. `kind` must come from a fixed set.
 */
export type LineLimit = (kind: string) => number | undefined;

/** A limit with counters of its own. `nowMs`: monotonic time. */
export function createLineLimit(nowMs: () => number): LineLimit {
  const windows = new Map<string, Window>();
  return (kind) => {
    const now = nowMs();
    let window = windows.get(kind);
    if (window === undefined) windows.set(kind, (window = { beganMs: now, lines: 0, suppressed: 0 }));
    // The second condition is for a clock that was replaced by one with another origin.
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
