// What every command gets from the process, and the exit codes of all commands.
import type { Progress } from './progress.ts';

export interface CliContext {
  readonly cwd: string;
  /** True to use colours: stdout is a terminal, and NO_COLOR is not set. */
  readonly colour: boolean;
  /** Prints one or more lines on stdout and adds the last line end. */
  readonly print: (text: string) => void;
  /** Prints one or more lines on stderr and adds the last line end. */
  readonly error: (text: string) => void;
  /** Writes text to stdout as it is. */
  readonly write: (text: string) => void;
  /** Asks the user a yes-or-no question. Default: the answer is no. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Shows the progress of long commands. Default: nothing is shown, as there is no terminal. */
  readonly progress?: Progress;
  /** Environment variables. Default: those of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** True with NODE_ENV=production, where the version of entries is the shape fingerprint. */
export function isProduction({ env = process.env }: CliContext): boolean {
  return env['NODE_ENV'] === 'production';
}

/** Exit codes: no problem, a problem found, wrong use of the command line, a bug of cachekit. */
export const EXIT = { fine: 0, found: 1, wrongUse: 2, ourBug: 3 } as const;

/** Wrong use of the command line, such as a file that does not exist. Exit code 2. */
export class UsageError extends Error {}
