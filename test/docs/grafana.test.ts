// Dashboards and alerts: up to date with the metric definitions, and asking only for what a real scrape has.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALERTS } from '../../.ci/grafana/alerts.ts';
import { grafanaFiles } from '../../.ci/grafana/files.ts';
import { prometheus } from '../../runtime/adapters/prometheus/index.ts';
import { METRICS, type MetricDefinition } from '../../runtime/adapters/prometheus/metric-definitions.ts';
import { cacheOf, configure, flush } from '../../runtime/index.ts';
import { notice } from '../../runtime/observe/notice.ts';
import { faultyBackend } from '../../runtime/testing/faulty-backend.ts';
import { memoryBackend, resetCacheKit } from '../../runtime/testing/index.ts';
import { oneNumber, textValue } from '../runtime/site/hand-written.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = 'docs/grafana';

/** Sample name → label names, of a process in which everything has happened. */
let scraped: Map<string, Set<string>>;
let stop: () => void;

beforeAll(async () => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  await resetCacheKit();
  const registry = new Registry();
  stop = prometheus({ registry });
  configure({ backend: faultyBackend(memoryBackend(), [{ operation: 'get', from: 6, do: 'transient' }]) });
  const load = oneNumber(async () => 'x', { value: textValue });
  for (let i = 0; i < 20; i++) await load(i % 15);
  await flush();
  await cacheOf(load).invalidate(1);
  notice('CACHEKIT_TESTED', 'Said once.');
  scraped = parseScrape(await registry.metrics());
});
afterAll(() => stop());

function parseScrape(text: string): Map<string, Set<string>> {
  const samples = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const sample = /^([a-z_\d]+)(?:\{(.*)\})? \S+$/.exec(line);
    if (sample === null) continue;
    const names = samples.get(sample[1]!) ?? new Set<string>();
    for (const label of (sample[2] ?? '').matchAll(/([a-z_]+)="/g)) names.add(label[1]!);
    samples.set(sample[1]!, names);
  }
  return samples;
}

const KEYWORDS = new Set([
  'sum',
  'min',
  'max',
  'by',
  'rate',
  'increase',
  'histogram_quantile',
  'and',
  'label_values',
  'clamp_min',
]);

/** What is wrong with a query: unknown metrics, labels and label values, unbalanced parentheses. */
function problemsOf(expr: string): string[] {
  const problems: string[] = [];
  const bare = expr.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, '');
  if (bare.split('(').length !== bare.split(')').length) problems.push(`parentheses in ${expr}`);
  const metrics = [...bare.matchAll(/[a-z_\d]*_[a-z_\d]+(?=\{|\)|\s|,|$)/g)].map((found) => found[0]);
  const labels = new Set<string>();
  for (const metric of metrics.filter((name) => !KEYWORDS.has(name))) {
    const known = scraped.get(metric);
    if (known === undefined) problems.push(`no metric ${metric} in ${expr}`);
    for (const label of known ?? []) labels.add(label);
  }
  const used = [...expr.matchAll(/([a-z_]+)=~?"([^"]*)"/g)].map((found) => [found[1]!, found[2]!] as const);
  for (const [label, value] of used)
    if (!isValue(label, value)) problems.push(`no value ${value} of ${label}`);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap((found) => found[1]!.split(', '));
  for (const label of [...used.map(([name]) => name), ...grouped])
    if (!labels.has(label)) problems.push(`no label ${label} in ${expr}`);
  return problems;
}

function isValue(label: string, value: string): boolean {
  if (value.startsWith('$')) return true;
  const known = Object.values<MetricDefinition>(METRICS).map(({ labels }) => labels[label]);
  return value.split('|').every((one) => known.some((values) => values !== 'open' && values?.includes(one)));
}

interface Board {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly type: string; readonly query: string }[] };
}

const boards = (): Map<string, Board> =>
  new Map(
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file, JSON.parse(read(join(folder, file))) as Board]),
  );

const alertRules = (): { name: string; expr: string; runbook: string }[] =>
  read(join(folder, 'alerts.yaml'))
    .split('- alert: ')
    .slice(1)
    .map((rule) => ({
      name: /^\w+/.exec(rule)![0],
      expr: (/expr: ['"]?(.*?)['"]?$/m.exec(rule)?.[1] ?? '').replaceAll("''", "'"),
      runbook: /runbook: (\S+)/.exec(rule)?.[1] ?? '',
    }));

describe('docs/grafana', () => {
  it('is what `node .ci/grafana.ts` writes', () => {
    const generated = grafanaFiles();
    expect(readdirSync(join(root, folder)).toSorted()).toEqual([...generated.keys()].toSorted());
    for (const [file, board] of boards()) expect(board).toEqual(JSON.parse(generated.get(file)!));
    // The formatter chooses its own quotes.
    const plain = (text: string): string => text.replaceAll(/['"]/g, '');
    expect(plain(read(join(folder, 'alerts.yaml')))).toBe(plain(generated.get('alerts.yaml')!));
  });

  it('the scrape has every metric, with the labels of its definition', () => {
    for (const [name, { type, labels }] of Object.entries<MetricDefinition>(METRICS)) {
      const sample = scraped.get(type === 'histogram' ? `${name}_count` : name);
      expect({ name, labels: [...(sample ?? [])].toSorted() }).toEqual({
        name,
        labels: Object.keys(labels).toSorted(),
      });
    }
  });

  it('three dashboards ask only for metrics, labels and values that exist', () => {
    expect(boards().size).toBe(3);
    for (const { panels, templating } of boards().values()) {
      expect(panels.length).toBeGreaterThan(5);
      for (const { expr } of panels.flatMap(({ targets }) => targets)) expect(problemsOf(expr)).toEqual([]);
      for (const { type, query } of templating.list) {
        if (type !== 'query') continue;
        const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
        expect(scraped.get(metric)?.has(label)).toBe(true);
      }
    }
  });

  it('every metric is on a dashboard', () => {
    const shown = [...boards().values()].flatMap(({ panels }) => panels.flatMap(({ targets }) => targets));
    const text = shown.map(({ expr }) => expr).join('\n');
    expect(Object.keys(METRICS).filter((name) => !text.includes(name))).toEqual([]);
  });

  it('alerts ask only for what exists, and each has a paragraph that says what to do', () => {
    const rules = alertRules();
    expect(rules.map(({ name }) => name)).toEqual(ALERTS.map(({ name }) => name));
    const page = read('docs/guide/operating.md');
    for (const { name, expr, runbook } of rules) {
      expect(expr).not.toBe('');
      expect(problemsOf(expr)).toEqual([]);
      expect(runbook).toBe(`docs/guide/operating.md#${name.toLowerCase()}`);
      const paragraph = new RegExp(`^### ${name}\\n\\n(.+)$`, 'm').exec(page)?.[1] ?? '';
      expect({ name, isLong: paragraph.length > 150 }).toEqual({ name, isLong: true });
    }
  });

  it('the check itself finds what is wrong', () => {
    expect(problemsOf('sum (rate(redis_cache_operations_totl{status="hit"}[5m]))')).not.toEqual([]);
    expect(problemsOf('sum (rate(redis_cache_operations_total{state="hit"}[5m]))')).not.toEqual([]);
    expect(problemsOf('sum (rate(redis_cache_operations_total{status="hits"}[5m]))')).not.toEqual([]);
    expect(problemsOf('sum by (backend) (rate(redis_cache_operations_total[5m]))')).not.toEqual([]);
    expect(problemsOf('sum (rate(redis_cache_operations_total[5m])')).not.toEqual([]);
  });
});

describe('docs/guide/metrics.md', () => {
  it('lists every metric with its labels, and no other', () => {
    const rows = [
      ...read('docs/guide/metrics.md').matchAll(/^\| `(redis_\w+)` \| (\w+) \| ([^|]*) \| (.*) \|$/gm),
    ];
    const documented = rows.map(([, name, type, labels, meaning]) => [
      name,
      type,
      [...labels!.matchAll(/`(\w+)`/g)].map((label) => label[1]),
      meaning,
    ]);
    const defined = Object.entries<MetricDefinition>(METRICS).map(([name, { type, labels, help }]) => [
      name,
      type,
      Object.keys(labels),
      help,
    ]);
    expect(documented).toEqual(defined);
  });

  it('names every value that a label of a fixed list can have', () => {
    const page = read('docs/guide/metrics.md');
    const values = Object.values<MetricDefinition>(METRICS).flatMap(({ labels }) =>
      Object.entries(labels).flatMap(([label, known]) =>
        known === 'open' || !['status', 'reason', 'outcome'].includes(label) ? [] : known,
      ),
    );
    expect([...new Set(values)].filter((value) => !page.includes(`\`${value}\``))).toEqual([]);
  });
});
