// Builds PromQL from the metric definitions, so that an unknown metric or label does not compile.
import type { METRICS, MetricName } from '../../runtime/adapters/prometheus/metric-definitions.ts';

type Label<N extends MetricName> = keyof (typeof METRICS)[N]['labels'] & string;
/** Label matchers: `=` for a text, `=~` for a list or a dashboard variable (`$namespace`, `$backend`). */
type Where<N extends MetricName> = { readonly [L in Label<N>]?: string | readonly string[] };
type Of<T extends string> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];

/** A PromQL expression and the metrics in it. */
export interface Query {
  readonly expr: string;
  readonly metrics: readonly MetricName[];
}

function select<N extends MetricName>(name: N, where: Where<N>, suffix = ''): string {
  const matchers = Object.entries<string | readonly string[] | undefined>(where).map(([label, value]) =>
    typeof value === 'string'
      ? `${label}${value.startsWith('$') ? '=~' : '='}"${value}"`
      : `${label}=~"${(value ?? []).join('|')}"`,
  );
  return matchers.length === 0 ? `${name}${suffix}` : `${name}${suffix}{${matchers.join(', ')}}`;
}

const grouped = (by: readonly string[]): string => (by.length === 0 ? '' : ` by (${by.join(', ')})`);

/** Rate of a counter per second. */
export function perSecond<N extends Of<'counter'>>(
  name: N,
  where: Where<N>,
  by: readonly Label<N>[] = [],
  range = '$__rate_interval',
): Query {
  return { expr: `sum${grouped(by)} (rate(${select(name, where)}[${range}]))`, metrics: [name] };
}

/** Increase of a counter within `range`. */
export function increase<N extends Of<'counter'>>(
  name: N,
  where: Where<N>,
  by: readonly Label<N>[],
  range: string,
): Query {
  return { expr: `sum${grouped(by)} (increase(${select(name, where)}[${range}]))`, metrics: [name] };
}

/** Observations of a histogram per second. */
export function observedPerSecond<N extends Of<'histogram'>>(
  name: N,
  where: Where<N>,
  by: readonly Label<N>[] = [],
  range = '$__rate_interval',
): Query {
  return { expr: `sum${grouped(by)} (rate(${select(name, where, '_count')}[${range}]))`, metrics: [name] };
}

/** A quantile of a histogram, in seconds. */
export function quantile<N extends Of<'histogram'>>(
  share: number,
  name: N,
  where: Where<N>,
  by: readonly Label<N>[] = [],
  range = '$__rate_interval',
): Query {
  const buckets = `sum by (${['le', ...by].join(', ')}) (rate(${select(name, where, '_bucket')}[${range}]))`;
  return { expr: `histogram_quantile(${share}, ${buckets})`, metrics: [name] };
}

/** A gauge, aggregated over processes. */
export function now<N extends Of<'gauge'>>(
  aggregate: 'sum' | 'min' | 'max',
  name: N,
  where: Where<N>,
  by: readonly Label<N>[] = [],
): Query {
  return { expr: `${aggregate}${grouped(by)} (${select(name, where)})`, metrics: [name] };
}

/** `part / whole`, without a value where `whole` is 0, as 0 / 0 would be NaN. */
export function divided(part: Query, whole: Query): Query {
  return combined('/', part, { ...whole, expr: `(${whole.expr} > 0)` });
}

/** 0 where the query has no value. Only for queries without groups. */
export function orZero(query: Query): Query {
  return { ...query, expr: `${query.expr} or vector(0)` };
}

/** Number of series of a gauge for which the comparison holds. */
export function counted<N extends Of<'gauge'>>(name: N, where: Where<N>, comparison: string): Query {
  return orZero({ expr: `count(${select(name, where)} ${comparison})`, metrics: [name] });
}

/** `from - amount`, but never below 0: the two counters may not be scraped at exactly the same moment. */
export function minus(from: Query, amount: Query): Query {
  const { expr, metrics } = combined('-', from, amount);
  return { expr: `clamp_min(${expr}, 0)`, metrics };
}

/** `a`, where `b` has a value too. */
export function and(a: Query, b: Query): Query {
  return { expr: `${a.expr} and ${b.expr}`, metrics: [...a.metrics, ...b.metrics] };
}

/** Keeps the values for which the comparison holds. */
export function compared(query: Query, comparison: string): Query {
  return { expr: `${query.expr} ${comparison}`, metrics: query.metrics };
}

function combined(operator: '/' | '-', a: Query, b: Query): Query {
  return { expr: `(${a.expr} ${operator} ${b.expr})`, metrics: [...a.metrics, ...b.metrics] };
}
