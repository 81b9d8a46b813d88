// `cachekit/dev`: a page with live figures of this process, served by a server of yours. `cachekit/dev/register` opens
// a server for it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkNames } from '../../config/setting-names.ts';
import { notice } from '../../observe/notice.ts';
import type { DevSnapshot } from './dev-snapshot.ts';
import { tallyEvents } from './event-tallies.ts';
import { isLocalRequest } from './is-local-request.ts';
import { manifestReader } from './manifest-file.ts';
import { LIVE_SCRIPT, renderPage, STYLE } from './page.ts';
import { renderFigures } from './render-figures.ts';
import { takeSnapshot } from './take-snapshot.ts';

export type { BackendView, DevSnapshot, FunctionCounts, FunctionView, Tally } from './dev-snapshot.ts';
export type { LatencyHistogram } from './latency-histogram.ts';

/** Options of `devView()`. */
export interface DevViewOptions {
  /** Path under which your server passes requests to `handle`; ends with a slash. Default `/`. */
  readonly base?: string;
  /**
   * File with the list of cached functions that the compiler writes. Default: CACHEKIT_DEV_MANIFEST, else
   * `cachekit.manifest.json` in the working directory.
   */
  readonly manifest?: string;
}

/** The dev view of this process. */
export interface DevView {
  /** Answers requests for the page, those from other machines with 403. false: the request is not for this page. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** What the page shows, as data. */
  snapshot(): DevSnapshot;
  /** Stops counting events. */
  stop(): void;
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * Counts events from now on. With NODE_ENV=production it does nothing, answers no request, and warns once.
 * @throws ERR_CACHEKIT_CONFIG for an unknown option
 */
export function devView(options: DevViewOptions = {}): DevView {
  checkNames(options, ['base', 'manifest'], 'devView()');
  const { base = '/', manifest } = options;
  const isOff = process.env['NODE_ENV'] === 'production';
  if (isOff) {
    notice('CACHEKIT_DEV_OFF', 'The dev view is off: NODE_ENV is production. Use metrics and health there.');
  }
  const tallies = isOff ? undefined : tallyEvents();
  const manifestFile = manifest ?? (process.env['CACHEKIT_DEV_MANIFEST'] || 'cachekit.manifest.json');
  const readManifest = manifestReader(manifestFile);
  const snapshot = (): DevSnapshot =>
    takeSnapshot({ tallies: tallies ?? NOTHING_HEARD, manifestFile, manifest: readManifest() });
  const answers: Readonly<Record<string, () => readonly [type: string, text: string]>> = {
    '': () => ['text/html', renderPage(snapshot())],
    figures: () => ['text/html', renderFigures(snapshot())],
    'data.json': () => ['application/json', JSON.stringify(snapshot())],
    'live.js': () => ['text/javascript', LIVE_SCRIPT],
    'style.css': () => ['text/css', STYLE],
  };
  return {
    handle(request, response) {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      if (isOff || !path.startsWith(base)) return false;
      const name = path.slice(base.length);
      const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (answer === undefined) return false;
      if (!isLocalRequest(request)) return refuse(response, 403, 'Only for this machine.');
      if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET only.');
      const [type, text] = answer();
      response.writeHead(200, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
      response.end(request.method === 'HEAD' ? undefined : text);
      return true;
    },
    snapshot,
    stop: () => tallies?.stop(),
  };
}

const NOTHING_HEARD = {
  functions: new Map(),
  invalidations: new Map(),
  notices: [],
  backends: () => [],
  stop: () => undefined,
};

function refuse(response: ServerResponse, status: number, text: string): true {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
  return true;
}
