// What every command gets from the process, and the exit codes they share.

export interface CliContext {
  readonly cwd: string;
  /** Colours are welcome: a terminal, and NO_COLOR is not set. */
  readonly colour: boolean;
  /** One or more lines on stdout; the line end is added. */
  readonly print: (text: string) => void;
  /** One or more lines on stderr; the line end is added. */
  readonly error: (text: string) => void;
  /** Text that ends its own lines, on stdout. */
  readonly write: (text: string) => void;
}

export const EXIT = { fine: 0, found: 1, wrongUse: 2, ourBug: 3 } as const;

/** The user asked for something that does not exist: exit code 2. */
export class UsageError extends Error {}
