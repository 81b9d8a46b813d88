// What every command gets from the process, and the exit codes they share.
import type { Progress } from './progress.ts';

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
  /** A question with yes or no, for people. Without it the answer is no. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Shows how far the work is. Without it nothing is shown: no terminal is there to be overwritten. */
  readonly progress?: Progress;
  /** Default: that of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs that are like this process use the fingerprint of the shape. */
export function isProduction({ env = process.env }: CliContext): boolean {
  return env['NODE_ENV'] === 'production';
}

export const EXIT = { fine: 0, found: 1, wrongUse: 2, ourBug: 3 } as const;

/** The user asked for something that does not exist: exit code 2. */
export class UsageError extends Error {}
