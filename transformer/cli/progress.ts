// Shows the progress of a long command on a terminal.

/** Commands that take less show nothing. */
const SHOW_AFTER_MS = 1000;
const SHOW_EVERY_MS = 100;

export interface Progress {
  /** Shows `done` of `total` files. */
  readonly step: (done: number, total: number) => void;
  /** Removes the line. */
  readonly end: () => void;
}

interface Terminal {
  write(text: string): unknown;
}

/** @param nowMs a monotonic clock in milliseconds. */
export function createProgress(terminal: Terminal, nowMs: () => number = () => performance.now()): Progress {
  const beganMs = nowMs();
  let shownMs = Number.NEGATIVE_INFINITY;
  let width = 0;
  const show = (text: string): void => {
    terminal.write(`\r${text.padEnd(width)}`);
    width = text.length;
  };
  return {
    step(done, total) {
      const atMs = nowMs();
      if (atMs - beganMs < SHOW_AFTER_MS || atMs - shownMs < SHOW_EVERY_MS) return;
      shownMs = atMs;
      show(`${done} of ${total} files`);
    },
    end() {
      if (width > 0) terminal.write(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
