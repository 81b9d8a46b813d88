// The sinks of log lines: the application's logger, or JSON lines on stderr.

type Log = (fields: object, message: string) => void;

/** A logger of the application; pino and console fit. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

/** From the most to the least verbose. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly (keyof Logger)[];

/** Level of a line. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Takes a line. Never throws. */
export type LogSink = (line: LogLine) => void;

/** Writes to a logger. If it throws or its promise rejects, only the line is lost. */
export function loggerSink(logger: Logger): LogSink {
  return ({ level, message, fields }) => {
    try {
      // console would print an object over many lines, and interpret `%` in the message.
      const result: unknown =
        logger === globalThis.console
          ? globalThis.console[level]('%s %s', message, JSON.stringify(fields))
          : logger[level](fields, message);
      if (result instanceof Promise) result.catch(() => undefined);
    } catch {
      // A logger that fails cannot be told about, and must not fail the call.
    }
  };
}

/** Writes JSON, one object per line. */
export function jsonSink(write: (text: string) => void = writeStderr): LogSink {
  // Not imported: importing these takes milliseconds, and most processes write no line.
  const { hostname } = process.getBuiltinModule('node:os');
  const { threadId } = process.getBuiltinModule('node:worker_threads');
  const process_ = { hostname: hostname(), pid: process.pid, thread_id: threadId };
  return ({ level, message, fields }) => {
    const head = { timestamp: new Date().toISOString(), level, message, logger: 'cachekit' };
    try {
      write(`${JSON.stringify({ ...head, ...process_, ...fields })}\n`);
    } catch {
      // The pipe is full or closed: the line is lost. (`process.stderr` would end the process instead.)
    }
  };
}

function writeStderr(text: string): void {
  process.getBuiltinModule('node:fs').writeSync(2, text);
}
