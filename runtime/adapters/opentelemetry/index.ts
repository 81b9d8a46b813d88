// `cachekit/opentelemetry`: spans for calls that memory did not answer, for backend operations, and for runs of
// functions.
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import { checkNames } from '../../config/setting-names.ts';
import { setTraceIdSource } from '../../observe/correlation.ts';
import { onSpanStart, type Span, type SpanFields, type SpanStart } from '../../observe/span.ts';

/** Options of `opentelemetry()`. */
export interface OpenTelemetryOptions {
  /** Default: the tracer `cachekit` of the global provider. */
  readonly tracer?: Tracer;
}

let stopRunning: (() => void) | undefined;

/**
 * Starts tracing and returns a function that stops it. While it runs, a second call returns the same function.
 * @throws ERR_CACHEKIT_CONFIG for an unknown option
 */
export function opentelemetry(options: OpenTelemetryOptions = {}): () => void {
  checkNames(options, ['tracer'], 'opentelemetry()');
  if (stopRunning !== undefined) return stopRunning;
  const tracer = options.tracer ?? trace.getTracer('cachekit');
  const stopSpans = onSpanStart((start) => {
    try {
      start.span ??= open(tracer, start);
    } catch {
      // A failing tracer must not fail the call: the span is lost.
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
  // Kept for `within`: an operation may begin later, in the context of another caller.
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
        // No message: an error of the user's function may quote private data.
        if (!ok) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      } catch {
        // A failing tracer must not fail the call.
      }
    },
  };
}

/** Attributes `cachekit.<field>`, with the field in snake case as OpenTelemetry names them. */
function attributesOf(fields: SpanFields): Attributes {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    known.map(([name, value]) => [
      `cachekit.${name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}`,
      value,
    ]),
  );
}
