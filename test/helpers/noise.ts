// Watches the process for what a cache must never make: unhandled rejections, exceptions, lines on stderr.
export interface Noise {
  readonly seen: readonly string[];
  stop(): void;
}

/** Collects from now until `stop`. */
export function watchNoise(): Noise {
  const seen: string[] = [];
  const onRejection = (reason: unknown): void => void seen.push(`unhandledRejection: ${String(reason)}`);
  const onException = (error: unknown): void => void seen.push(`uncaughtException: ${String(error)}`);
  const onWarning = (warning: Error): void => {
    if (warning.name !== 'CacheKitNotice') seen.push(`warning: ${warning.name} ${warning.message}`);
  };
  const said = { error: console.error, warn: console.warn, log: console.log };
  for (const level of ['error', 'warn', 'log'] as const) {
    console[level] = (...args: unknown[]) =>
      void seen.push(`console.${level}: ${args.map(String).join(' ')}`);
  }
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtExceptionMonitor', onException);
  process.on('warning', onWarning);
  return {
    seen,
    stop() {
      Object.assign(console, said);
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtExceptionMonitor', onException);
      process.off('warning', onWarning);
    },
  };
}
