// `cachekit/opentelemetry`: spans for calls that memory did not answer, for backend operations and for runs.
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import { setTraceIdSource } from '../../observe/correlation.ts';
import { onSpanStart, type Span, type SpanFields, type SpanStart } from '../../observe/span.ts';

export interface OpenTelemetryOptions {
  /** Default: the tracer `cachekit` of the global provider. */
  readonly tracer?: Tracer;
}

let stopRunning: (() => void) | undefined;

/** Starts. Once per process: until it is stopped a second call returns the same stop. */
export function opentelemetry(options: OpenTelemetryOptions = {}): () => void {
  if (stopRunning !== undefined) return stopRunning;
  const tracer = options.tracer ?? trace.getTracer('cachekit');
  const stopSpans = onSpanStart((start) => {
    try {
      start.span ??= open(tracer, start);
    } catch {
      // A tracer that fails costs a span, not a call.
    }
  });
  const stopTraceIds = setTraceIdSource(() => trace.getActiveSpan()?.spanContext().traceId);
  const stop = (): void => {
    if (stopRunning !== stop) return;
    stopRunning = undefined;
    stopSpans();
    stopTraceIds();
  };
  stopRunning = stop;
  return stop;
}

function open(tracer: Tracer, { name, fields }: SpanStart): Span {
  const kind = name === 'backend' ? SpanKind.CLIENT : SpanKind.INTERNAL;
  // An operation may begin later, and in somebody else's context: it stays with the one that asked for it.
  const parent = context.active();
  const span = tracer.startSpan(`cachekit ${name}`, { kind, attributes: attributesOf(fields) }, parent);
  const inside = trace.setSpan(parent, span);
  return {
    within(run) {
      return context.with(inside, run);
    },
    end(more, ok) {
      try {
        span.setAttributes(attributesOf(more));
        // Without a message: an error of the user's function may quote anything.
        if (!ok) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      } catch {
        // As above.
      }
    },
  };
}

/** `cachekit.<field>`, in snake case as attributes are. */
function attributesOf(fields: SpanFields): Attributes {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    known.map(([name, value]) => [
      `cachekit.${name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}`,
      value,
    ]),
  );
}
