// Turns events into log lines: subscribes for the configured logger, once per process. Without a logger it subscribes
// to nothing.
import { currentEnvironment } from '../config/current.ts';
import { registry } from '../site/registry.ts';
import { currentClock } from '../site/tick-clock.ts';
import { currentCorrelationId, currentTraceId } from './correlation.ts';
import { createLineLimit, type LineLimit } from './logger-limit.ts';
import { LINE_RULES } from './logger-lines.ts';
import { jsonSink, LOG_LEVELS, loggerSink, type LogLevel, type LogSink } from './logger.ts';
import { subscribe } from './publish.ts';

type Channel = keyof typeof LINE_RULES;

/** Where lines go, and the lowest level that is written. */
interface Target {
  readonly sink: LogSink;
  readonly least: LogLevel;
}

/**
 * Subscribes anew if the configuration has changed. Called whenever settings are resolved; cheap if nothing changed.
 */
export function followLogger(): void {
  const shared = registry();
  if (shared.logging?.generation === shared.generation) return;
  shared.logging?.stop();
  const target = chooseTarget();
  const stop = target === undefined ? () => undefined : writeLines(target);
  shared.logging = { generation: shared.generation, stop };
}

function chooseTarget(): Target | undefined {
  const { logger } = registry().config;
  // All lines: a logger has its own threshold, which may change while it runs.
  if (logger !== undefined) return { sink: loggerSink(logger), least: 'debug' };
  const { logLevel } = currentEnvironment();
  return logLevel === undefined ? undefined : { sink: jsonSink(), least: logLevel };
}

/** Writes lines from now on. Returns a function that stops it. */
export function writeLines({ sink, least }: Target): () => void {
  const limit = createLineLimit(() => currentClock().monotonicMs());
  const state = { limit, isWriting: false };
  const channels = Object.keys(LINE_RULES) as Channel[]; // the table's own keys
  const stops = channels
    .filter((channel) => isAtLeast(LINE_RULES[channel].highest, least))
    .map((channel) => writeLinesOf(channel, { sink, least }, state));
  return () => {
    for (const stop of stops) stop();
  };
}

interface Writing {
  readonly limit: LineLimit;
  /** Set while the sink runs: events of a logger that itself calls cached functions must not cause further lines. */
  isWriting: boolean;
}

function writeLinesOf<C extends Channel>(channel: C, target: Target, state: Writing): () => void {
  const rule = LINE_RULES[channel];
  return subscribe(channel, (event) => {
    if (state.isWriting) return;
    const level = rule.level(event);
    if (!isAtLeast(level, target.least)) return;
    const suppressed = state.limit(`${channel} ${rule.kind(event)}`);
    if (suppressed === undefined) return;
    state.isWriting = true;
    try {
      target.sink({ level, message: rule.message(event), fields: complete(rule.fields(event), suppressed) });
    } finally {
      state.isWriting = false;
    }
  });
}

function complete(
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
  suppressed: number,
): Record<string, string | number | boolean> {
  const all = {
    ...fields,
    correlation_id: fields['correlation_id'] ?? currentCorrelationId(),
    trace_id: currentTraceId(),
    suppressed: suppressed === 0 ? undefined : suppressed,
  };
  const known = Object.entries(all).filter(
    (field): field is [string, string | number | boolean] => field[1] !== undefined,
  );
  return Object.fromEntries(known);
}

function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
