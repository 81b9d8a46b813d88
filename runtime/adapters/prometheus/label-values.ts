// Bounds the number of time series: a label takes its listed values, or the first 100 if it is open; the rest is
// `other`.
import type { MetricDefinition } from './metric-definitions.ts';

/** Open labels have values declared in code (namespaces, backends, codes). More than this must be made at run time. */
const MOST_OPEN_VALUES = 100;

const OTHER = 'other';

/** Gives the labels as they are exported, with `other` for values over the limit. */
export type LimitLabels = (
  definition: MetricDefinition,
  labels: Readonly<Record<string, string>>,
) => Record<string, string>;

/** A limit that remembers which open values it has let through. */
export function createLabelLimit(): LimitLabels {
  const seen = new Map<string, Set<string>>();
  const open = (label: string, value: string): string => {
    let values = seen.get(label);
    if (values === undefined) seen.set(label, (values = new Set()));
    if (values.size < MOST_OPEN_VALUES) values.add(value);
    return values.has(value) ? value : OTHER;
  };
  return (definition, labels) =>
    Object.fromEntries(
      Object.entries(definition.labels).map(([label, known]) => {
        const value = labels[label] ?? '';
        if (known === 'open') return [label, open(label, value)];
        return [label, known.includes(value) ? value : OTHER];
      }),
    );
}

/** Every combination of the listed label values; open labels have the given value. */
export function combinations(
  definition: MetricDefinition,
  given: Readonly<Record<string, string>>,
): Record<string, string>[] {
  let rows: Record<string, string>[] = [{}];
  for (const [label, known] of Object.entries(definition.labels)) {
    const values = known === 'open' ? [given[label] ?? ''] : known;
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [label]: value })));
  }
  return rows;
}
