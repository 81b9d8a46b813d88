// Where log lines go: a logger of the application, or JSON lines on stderr.

type Log = (fields: object, message: string) => void;

/** pino and console fit. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

/** From the most to the least talkative. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly (keyof Logger)[];

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Takes a line. Never throws. */
export type LogSink = (line: LogLine) => void;

/** A logger that throws, or whose promise rejects, loses a line and nothing else. */
export function loggerSink(logger: Logger): LogSink {
  return ({ level, message, fields }) => {
    try {
      // console prints an object over many lines, and would read `%` in the message: one line, nothing to interpret.
      const result: unknown =
        logger === globalThis.console
          ? globalThis.console[level]('%s %s', message, JSON.stringify(fields))
          : logger[level](fields, message);
      if (result instanceof Promise) result.catch(() => undefined);
    } catch {
      // Not ours to mend, and no place to say it.
    }
  };
}

/** JSON, one object a line. */
export function jsonSink(write: (text: string) => void = writeStderr): LogSink {
  // Looked up and not imported: most processes write no line, and importing these costs all of them some milliseconds.
  const { hostname } = process.getBuiltinModule('node:os');
  const { threadId } = process.getBuiltinModule('node:worker_threads');
  const process_ = { hostname: hostname(), pid: process.pid, thread_id: threadId };
  return ({ level, message, fields }) => {
    const head = { timestamp: new Date().toISOString(), level, message, logger: 'cachekit' };
    try {
      write(`${JSON.stringify({ ...head, ...process_, ...fields })}\n`);
    } catch {
      // A full or closed pipe. `process.stderr` would end the process over it.
    }
  };
}

function writeStderr(text: string): void {
  process.getBuiltinModule('node:fs').writeSync(2, text);
}
