// Port for tracing. A tracing adapter listens on a channel and supplies the spans, so the core imports no tracing
// library.
import { channel } from './publish.ts';

/** What a span covers. */
export type SpanName = 'call' | 'run' | 'backend';

/** Attributes: names and outcomes only, never an argument, a value, a key or an error message. */
export type SpanFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span that has begun. */
export interface Span {
  /** Runs work inside the span; work it continues after `await` belongs to the span too. Errors pass through. */
  within<T>(run: () => T): T;
  /** To be called once. */
  end(fields: SpanFields, ok: boolean): void;
}

/** Message of the channel. The first listener that has a span sets `span`. */
export interface SpanStart {
  readonly name: SpanName;
  readonly fields: SpanFields;
  span: Span | undefined;
}

const starts = channel('cachekit:span');

/** Begins a span. undefined if nobody traces, which costs only a check. */
export function startSpan(name: SpanName, fields: () => SpanFields): Span | undefined {
  if (!starts.hasSubscribers) return undefined;
  const start: SpanStart = { name, fields: fields(), span: undefined };
  starts.publish(start);
  return start.span;
}

/** Runs work inside the span, if there is one. */
export function within<T>(span: Span | undefined, run: () => T): T {
  return span === undefined ? run() : span.within(run);
}

/** `listener` is called where a span begins and must not throw. Returns a function that removes it. */
export function onSpanStart(listener: (start: SpanStart) => void): () => void {
  const onMessage = (message: unknown): void => listener(message as SpanStart); // the channel carries only this type
  starts.subscribe(onMessage);
  return () => starts.unsubscribe(onMessage);
}
