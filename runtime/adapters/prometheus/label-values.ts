// Keeps the number of series fixed: a label has its listed values, or as many as the cap lets in, and `other`.
import type { MetricDefinition } from './metric-definitions.ts';

/** Namespaces, backends and codes are declared in code; more than this many are made at run time. */
const MOST_OPEN_VALUES = 100;

const OTHER = 'other';

/** The labels as they may be exported. */
export type LimitLabels = (
  definition: MetricDefinition,
  labels: Readonly<Record<string, string>>,
) => Record<string, string>;

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

/** Every combination of the listed values, each with the given ones. */
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
