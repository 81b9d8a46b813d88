// Port for tracing: where a span begins, somebody who listens may give one. The core imports no tracing library.
import { channel } from './publish.ts';

export type SpanName = 'call' | 'run' | 'backend';

/** Names and outcomes only: never an argument, a value, a key or the message of an error. */
export type SpanFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Span {
  /** What `run` starts belongs to this span, also after `await`. What it throws passes through. */
  within<T>(run: () => T): T;
  /** Once. */
  end(fields: SpanFields, ok: boolean): void;
}

/** What the channel carries: the first listener that has a span puts it in. */
export interface SpanStart {
  readonly name: SpanName;
  readonly fields: SpanFields;
  span: Span | undefined;
}

const starts = channel('cachekit:span');

/** Undefined when nobody traces: that costs one compare. */
export function startSpan(name: SpanName, fields: () => SpanFields): Span | undefined {
  if (!starts.hasSubscribers) return undefined;
  const start: SpanStart = { name, fields: fields(), span: undefined };
  starts.publish(start);
  return start.span;
}

export function within<T>(span: Span | undefined, run: () => T): T {
  return span === undefined ? run() : span.within(run);
}

/** Called where a span begins. Must not throw. Returns stop. */
export function onSpanStart(listener: (start: SpanStart) => void): () => void {
  const onMessage = (message: unknown): void => listener(message as SpanStart); // the channel carries only this type
  starts.subscribe(onMessage);
  return () => starts.unsubscribe(onMessage);
}
