// Creates the prom-client metrics of one registry from the definitions.
import { Counter, Gauge, Histogram } from 'prom-client';
import type { AnyRegistry } from './any-registry.ts';
import { combinations, createLabelLimit } from './label-values.ts';
import { BUCKETS_SECONDS, METRICS, type MetricDefinition, type MetricName } from './metric-definitions.ts';

type Labels = Readonly<Record<string, string>>;
type NamesOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];
/** Name of a counter. */
export type CounterName = NamesOf<'counter'>;
/** Name of a gauge. */
export type GaugeName = NamesOf<'gauge'>;
/** Name of a histogram. */
export type HistogramName = NamesOf<'histogram'>;

/** Changes metrics by name; label values over the limit become `other`. */
export interface MetricSet {
  add(name: CounterName, labels: Labels, amount?: number): void;
  set(name: GaugeName, labels: Labels, value: number): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  /** Removes all series of a gauge. */
  clear(name: GaugeName): void;
  /**
   * Creates the series of a counter at 0, for the given open labels and every value of the others: without a 0 first,
   * an alert does not see the first increase.
   */
  prime(name: CounterName, open: Labels): void;
  /** False after the registry was cleared from outside. */
  isRegistered(): boolean;
  unregister(): void;
}

/** Registers all metrics. `collect` runs once before every scrape, also before one of a single metric. */
export function createMetricSet(registry: AnyRegistry, collect: () => void): MetricSet {
  const registers = [registry as never]; // prom-client's type allows only one of its two content types
  const once = oncePerTurn(collect);
  const limit = createLabelLimit();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { type, help, labels }] of Object.entries<MetricDefinition>(METRICS)) {
    const common = { name, help, labelNames: Object.keys(labels), registers, collect: once };
    if (type === 'counter') counters.set(name, new Counter(common));
    else if (type === 'gauge') gauges.set(name, new Gauge(common));
    else histograms.set(name, new Histogram({ ...common, buckets: [...BUCKETS_SECONDS] }));
  }
  const made = [...counters, ...gauges, ...histograms];
  return {
    add: (name, labels, amount = 1) => counters.get(name)?.inc(limit(METRICS[name], labels), amount),
    set: (name, labels, value) => gauges.get(name)?.set(limit(METRICS[name], labels), value),
    observe: (name, labels, seconds) => histograms.get(name)?.observe(limit(METRICS[name], labels), seconds),
    clear: (name) => gauges.get(name)?.reset(),
    prime(name, open) {
      for (const row of combinations(METRICS[name], open)) this.add(name, row, 0);
    },
    isRegistered: () => made.every(([name, metric]) => registry.getSingleMetric(name) === metric),
    unregister() {
      for (const [name, metric] of made) {
        if (registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
      }
    },
  };
}

/** Runs at most once per turn: a scrape asks all metrics within one turn, and the first one collects for all. */
function oncePerTurn(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    queueMicrotask(() => (isDone = false));
    run();
  };
}
