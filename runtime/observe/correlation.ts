// What ties events and log lines to a request of the application: its correlation id, and the trace it runs in.
import { keepScopes } from '../flow/async-scope.ts';
import { registry } from '../site/registry.ts';

/** Ids are short; whatever else the application returns does not fill its logs. */
const LONGEST_ID = 128;

/** What `configure({ correlationId })` says now. Never throws: an id is not worth a call. */
export function currentCorrelationId(): string | undefined {
  const { correlationId } = registry().config;
  return correlationId === undefined ? undefined : ask(correlationId);
}

/** Of the span that is open now, if tracing is on. */
export function currentTraceId(): string | undefined {
  const { traceId } = registry();
  return traceId === undefined ? undefined : ask(traceId);
}

/** For the tracing adapter. Returns stop. */
export function setTraceIdSource(source: () => string | undefined): () => void {
  const shared = registry();
  shared.traceId = source;
  return () => {
    if (shared.traceId === source) delete shared.traceId;
  };
}

/**
 * For work that waits in a queue and is started by whoever comes along: it stays part of its own request. The function
 * itself when nobody would notice.
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
