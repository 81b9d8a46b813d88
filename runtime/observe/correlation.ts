// Ties events and log lines to a request of the application: by its correlation id, and by the trace it is part of.
import { keepScopes } from '../flow/async-scope.ts';
import { registry } from '../site/registry.ts';

/** Longer ids are cut: ids are short, and anything else should not fill the logs. */
const LONGEST_ID = 128;

/** Result of `configure({ correlationId })` now. Never throws, since a missing id must not fail a call. */
export function currentCorrelationId(): string | undefined {
  const { correlationId } = registry().config;
  return correlationId === undefined ? undefined : ask(correlationId);
}

/** Trace id of the active span, if tracing is on. */
export function currentTraceId(): string | undefined {
  const { traceId } = registry();
  return traceId === undefined ? undefined : ask(traceId);
}

/** For the tracing adapter. Returns a function that removes the source. */
export function setTraceIdSource(source: () => string | undefined): () => void {
  const shared = registry();
  shared.traceId = source;
  return () => {
    if (shared.traceId === source) delete shared.traceId;
  };
}

/**
 * Binds queued work to the async context of its own request, because another request may start it later. Returns `run`
 * itself if there are neither correlation ids nor traces.
 */
export function keepContext<T>(run: () => T): () => T {
  const { config, traceId } = registry();
  return config.correlationId === undefined && traceId === undefined ? run : keepScopes(run);
}

function ask(source: () => unknown): string | undefined {
  try {
    const id = source();
    return typeof id === 'string' && id !== '' ? id.slice(0, LONGEST_ID) : undefined;
  } catch {
    return undefined;
  }
}
