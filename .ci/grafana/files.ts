// The contents of docs/grafana: three dashboards, and the alert rules for Prometheus.
import { METRICS } from '../../runtime/adapters/prometheus/metric-definitions.ts';
import { ALERTS, type Alert } from './alerts.ts';
import { DASHBOARDS, type Dashboard, type Panel } from './dashboards.ts';
import type { Query } from './query.ts';

/** The page with a section for each alert. */
const RUNBOOK = 'docs/guide/operating.md';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 24;
const SIZES = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 } } as const;

/** File name → content. */
export function grafanaFiles(): ReadonlyMap<string, string> {
  const boards = DASHBOARDS.map((board): [string, string] => [
    board.file,
    `${JSON.stringify(dashboardJson(board), undefined, 2)}\n`,
  ]);
  return new Map([...boards, ['alerts.yaml', alertsYaml()]]);
}

function dashboardJson({ title, file, panels }: Dashboard): object {
  return {
    uid: `cachekit-${file.replace('.json', '')}`,
    title,
    tags: ['cachekit'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'label_values(redis_cache_l1_entries, namespace)'),
        variable('backend', 'label_values(redis_cache_backend_up, backend)'),
      ],
    },
    panels: placed(panels),
  };
}

function variable(name: string, query: string): object {
  return {
    name,
    type: 'query',
    datasource: DATASOURCE,
    query,
    refresh: 2,
    includeAll: true,
    multi: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}

/** Places panels from left to right, and begins a new row when the next panel does not fit. */
function placed(panels: readonly Panel[]): object[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel, index) => {
    const { w, h } = SIZES[panel.kind];
    if (x + w > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w, h };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return panelJson(panel, index + 1, gridPos);
  });
}

function panelJson({ title, kind, unit, queries }: Panel, id: number, gridPos: object): object {
  const metrics = [...new Set(queries.flatMap(({ query }) => query.metrics))];
  return {
    id,
    title,
    type: kind,
    description: metrics.map((name) => METRICS[name].help).join('\n\n'),
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: queries.map(({ query, legend }, at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      expr: query.expr,
      legendFormat: legend === '' ? '__auto' : legend,
    })),
  };
}

function alertsYaml(): string {
  return ['groups:', '  - name: cachekit', '    rules:', ...ALERTS.flatMap(alertYaml), ''].join('\n');
}

/** The lines of one alert. Strings are written as JSON, which is valid YAML. */
function alertYaml(alert: Alert): string[] {
  return [
    `      - alert: ${alert.name}`,
    `        expr: ${quoted(alert.query)}`,
    `        for: ${alert.for}`,
    '        labels:',
    `          severity: ${alert.severity}`,
    '        annotations:',
    `          summary: ${JSON.stringify(alert.summary)}`,
    `          runbook: ${RUNBOOK}#${alert.name.toLowerCase()}`,
  ];
}

function quoted({ expr }: Query): string {
  return `'${expr.replaceAll("'", "''")}'`;
}
