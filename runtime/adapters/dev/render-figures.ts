// Renders a snapshot as HTML: all tables of the page. Every text that comes from the program is escaped here.
import type { BackendView, DevSnapshot, FunctionView, Tally } from './dev-snapshot.ts';
import { latencyBelowMs, LATENCY_BOUNDS_MS, type LatencyHistogram } from './latency-histogram.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for element content and attribute values. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The content of the page's `<main>`. */
export function renderFigures(snapshot: DevSnapshot): string {
  const { functions, backends, invalidations, notices, pid, script, upMs } = snapshot;
  const loaded = functions.filter((one) => one.counts !== undefined).length;
  const summary = [
    `${escapeHtml(script)}, process ${pid}, up ${seconds(upMs)}`,
    `${functions.length} cached functions, ${loaded} loaded`,
    snapshot.manifest === undefined ? 'no manifest' : `manifest ${escapeHtml(snapshot.manifest)}`,
  ];
  return [
    `<p class="dim">${summary.join(' · ')}</p>`,
    section('Functions', functions.map(functionRow), FUNCTION_HEAD, 'No cached function is loaded yet.'),
    section('Backends', backends.map(backendRow), BACKEND_HEAD, 'No backend was asked yet.'),
    section('Invalidations', invalidations.map(tallyRow), ['what, from where', '#n'], 'None yet.'),
    section(
      'Notices',
      notices.map(({ code, message }) => [escapeHtml(code), escapeHtml(message)]),
      ['code', 'message'],
      'None: good.',
    ),
  ].join('\n');
}

/** Column titles. A leading `#` marks a column of numbers. */
const FUNCTION_HEAD = [
  'function',
  'profile',
  '#calls',
  '#hit rate',
  '#memory',
  '#backend',
  '#stale',
  '#misses',
  '#bypasses',
  'why not a plain hit',
  'runs',
  'hits of the backend',
  '#held',
];

function functionRow(view: FunctionView): string[] {
  const { counts, runs, backendHits, failedRuns } = view;
  const numbers =
    counts === undefined
      ? ['', '', '', '', '', '', '']
      : [
          String(counts.calls),
          hitRate(counts.hits, counts.calls),
          String(counts.l1Hits),
          String(counts.l2Hits),
          String(counts.stale),
          String(counts.misses),
          String(counts.bypasses),
        ];
  return [
    functionCell(view),
    escapeHtml(view.profile),
    ...numbers,
    tallies([...view.reasons, ...view.discards.map((one) => ({ ...one, name: `discarded: ${one.name}` }))]),
    `${histogram(runs)}${failedRuns === 0 ? '' : ` <b>${failedRuns} failed</b>`}`,
    histogram(backendHits),
    counts === undefined ? '' : `${counts.entries} · ${bytes(counts.bytes)}`,
  ];
}

function functionCell({ id, name, place, key, why, ttlMs, serializer, counts }: FunctionView): string {
  const facts = [
    place,
    key.length === 0 ? undefined : `key [${key.join(', ')}]`,
    ttlMs === undefined ? undefined : `ttl ${seconds(ttlMs)}`,
    serializer === '' ? undefined : serializer,
    counts === undefined ? 'not loaded' : undefined,
  ];
  const said = facts.filter((fact) => fact !== undefined).join(' · ');
  const title = [id, why].filter((text) => text !== undefined).join('\n');
  return `<span title="${escapeHtml(title)}">${escapeHtml(name)}</span><small>${escapeHtml(said)}</small>`;
}

const BACKEND_HEAD = ['backend', 'state', 'outcomes', 'operations'];

function backendRow({ name, states, outcomes, operations }: BackendView): string[] {
  return [escapeHtml(name), escapeHtml(states.join(', ')), tallies(outcomes), histogram(operations)];
}

function tallyRow({ name, count }: Tally): string[] {
  return [escapeHtml(name), String(count)];
}

function tallies(list: readonly Tally[]): string {
  return list.map(({ name, count }) => `${escapeHtml(name)}&nbsp;${count}`).join('<br>');
}

const BAR_WIDTH = 6;
const CHART_HEIGHT = 22;

/** A bar chart from fast to slow; the tooltip of a bar has its count and range. */
function histogram(latency: LatencyHistogram): string {
  if (latency.count === 0) return '';
  const highest = Math.max(...latency.buckets);
  const bars = latency.buckets.map((amount, index) => {
    const height = amount === 0 ? 0 : Math.max(2, Math.round((amount / highest) * CHART_HEIGHT));
    const bound = LATENCY_BOUNDS_MS[index];
    const range = bound === undefined ? `over ${LATENCY_BOUNDS_MS.at(-1)} ms` : `up to ${bound} ms`;
    return `<rect x="${index * BAR_WIDTH}" y="${CHART_HEIGHT - height}" width="${BAR_WIDTH - 1}" height="${height}"><title>${amount} ${range}</title></rect>`;
  });
  const width = latency.buckets.length * BAR_WIDTH;
  const mean = (latency.sumMs / latency.count).toFixed(1);
  const p95 = latencyBelowMs(latency, 0.95);
  const label = `${latency.count} · mean ${mean} ms · p95 ${p95 === undefined ? '&gt; 5000' : `≤ ${p95}`} ms`;
  return `<svg width="${width}" height="${CHART_HEIGHT}" role="img" aria-label="latency">${bars.join('')}</svg><small>${label}</small>`;
}

function section(
  title: string,
  rows: readonly (readonly string[])[],
  head: readonly string[],
  empty: string,
): string {
  if (rows.length === 0) return `<h2>${title}</h2><p class="dim">${empty}</p>`;
  const isNumber = head.map((name) => name.startsWith('#'));
  const cells = (tag: string, values: readonly string[]): string =>
    values.map((value, i) => `<${tag}${isNumber[i] === true ? ' class="n"' : ''}>${value}</${tag}>`).join('');
  const top = cells(
    'th',
    head.map((name) => (name === '#n' ? 'times' : name.replace('#', ''))),
  );
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<h2>${title}</h2><div class="scroll"><table id="${title.toLowerCase()}"><tr>${top}</tr>\n${body}</table></div>`;
}

function hitRate(hits: number, calls: number): string {
  return calls === 0 ? '' : `${((hits / calls) * 100).toFixed(1)} %`;
}

function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function bytes(amount: number): string {
  return amount < 1024 ** 2 ? `${Math.ceil(amount / 1024)} KB` : `${(amount / 1024 ** 2).toFixed(1)} MB`;
}
