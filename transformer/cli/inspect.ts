// `cachekit inspect`: what a stored entry says of itself. Never its value, unless asked for.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect as print } from 'node:util';
import type * as Runtime from '../../runtime/inspect/index.ts';
import type { EntryHeader, EntryReport } from '../../runtime/inspect/inspect-entry.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { importRuntime } from './import-runtime.ts';

export interface InspectOptions {
  /** A stored key, a file with the bytes of an entry, or `-`: the bytes on stdin. */
  readonly what: string;
  /** `embedded`, or a Redis URL. Default: as the runtime chooses from the environment. */
  readonly backend: string | undefined;
  readonly decrypt: boolean;
  /** JSON list of namespace, site id, version text and key text. */
  readonly logical: string | undefined;
  readonly json: boolean;
}

/** @returns 1 when there is no such entry, or when every function would refuse it. */
export async function inspect(options: InspectOptions, context: CliContext): Promise<number> {
  const env = context.env ?? process.env;
  const runtime = await importRuntime<typeof Runtime>('cachekit/inspect', context);
  const { bytes, key } = await readBytes(options, context, async (name) => {
    const backend = options.backend ?? defaultBackend(env);
    return runtime.readStored(name, backend, { cwd: context.cwd, env });
  });
  if (bytes === undefined) {
    context.error(`There is no entry under ${options.what}.`);
    return EXIT.found;
  }
  const report = await runtime.inspectEntry(bytes, {
    nowMs: Date.now(),
    key,
    masterKeys: masterKeys(env),
    open: options.decrypt,
    logical: readLogical(options.logical),
  });
  if (options.json) context.print(JSON.stringify({ version: 1, key, ...report }, plainValues));
  else context.print(lines(report, key).join('\n'));
  return report.refused === undefined ? EXIT.fine : EXIT.found;
}

async function readBytes(
  { what }: InspectOptions,
  { cwd }: CliContext,
  fetch: (key: string) => Promise<Uint8Array | undefined>,
): Promise<{ readonly bytes: Uint8Array | undefined; readonly key: string | undefined }> {
  if (what === '-') return { bytes: readFileSync(0), key: undefined };
  const file = resolve(cwd, what);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    return { bytes: readFileSync(file), key: undefined };
  if (!/^[\w.:-]+:\{[\w-]{43}\}$/.test(what))
    throw new UsageError(`'${what}' is neither a file nor a stored key such as ck1:{…43 characters…}.`);
  return { bytes: await fetch(what), key: what };
}

function defaultBackend(env: NodeJS.ProcessEnv): string {
  const named = env['CACHEKIT_BACKEND'];
  if (named === 'none' || named === 'memory')
    throw new UsageError(`CACHEKIT_BACKEND is ${named}: give --backend, a file, or - for stdin.`);
  return named ?? env['CACHEKIT_REDIS_URL'] ?? env['REDIS_URL'] ?? 'embedded';
}

function masterKeys(env: NodeJS.ProcessEnv): readonly string[] {
  const file = env['CACHEKIT_MASTER_KEY_FILE'];
  const primary = env['CACHEKIT_MASTER_KEY'] ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
  const previous = (env['CACHEKIT_PREVIOUS_MASTER_KEYS'] ?? '').split(',').map((key) => key.trim());
  return [primary, ...previous].filter((key) => key !== undefined && key !== '') as string[]; // the filter
}

function readLogical(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined; // said below
  }
  if (Array.isArray(list) && list.length === 4 && list.every((part) => typeof part === 'string')) return list;
  throw new UsageError('--logical is a JSON list of four texts: namespace, site id, version text, key text.');
}

function lines(report: EntryReport, key: string | undefined): readonly string[] {
  const { header, refused, totalBytes } = report;
  return [
    ...(key === undefined ? [] : [`key         ${key}`]),
    `size        ${totalBytes} bytes`,
    ...(header === undefined ? [] : headerLines(header)),
    refused === undefined ? 'state       whole' : `state       refused: ${refused} (${REASONS[refused]})`,
    ...('value' in report ? [`value       ${print(report.value, { depth: 20, maxArrayLength: 1000 })}`] : []),
    ...(report.unopened === undefined ? [] : [`value       ${report.unopened}`]),
  ];
}

function headerLines(header: EntryHeader): readonly string[] {
  const { rawBytes, bodyBytes, keyId, softExpiryMs, hardExpiryMs } = header;
  const iso = (atMs: number) => new Date(atMs).toISOString();
  return [
    `body        ${bodyBytes} bytes, ${rawBytes} before ${header.compressed ? 'compression (LZ4)' : 'storing, not compressed'}`,
    `serializer  ${header.serializer}, ${header.form} form`,
    `protection  ${keyId === undefined ? 'checksum (XXH64)' : `AES-256-GCM, master key ${keyId}`}`,
    `stored      ${iso(header.storedAtMs)}, ${seconds(header.ageMs)} ago`,
    ...(softExpiryMs === hardExpiryMs ? [] : [`fresh until ${iso(softExpiryMs)}`]),
    `expires     ${iso(hardExpiryMs)}, ${header.expiresInMs < 0 ? `${seconds(-header.expiresInMs)} ago` : `in ${seconds(header.expiresInMs)}`}`,
    `shape       ${header.shape}`,
    `key tag     ${header.keyTag}`,
  ];
}

function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 1000)}s`;
}

const REASONS: Readonly<Record<NonNullable<EntryReport['refused']>, string>> = {
  'not-an-entry': 'these bytes are not from cachekit',
  checksum: 'it is damaged or cut off',
  version: 'another version of cachekit wrote it',
  expired: 'its time is over, or its writer had a clock far ahead',
  'other-key': 'it was stored under another key',
  'unknown-key': 'its master key is not among those given',
  tamper: 'it is not as it was sealed, or the logical key is another one',
  decode: 'its body is not what its header says',
  'too-large': 'it declares more than can be read',
  shape: 'the types changed',
  superseded: 'a newer entry took its place',
  replayed: 'a process had met a newer one',
  unstorable: 'it could not be stored',
};

/** What JSON has no form for, as text. */
function plainValues(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint' || value instanceof Map || value instanceof Set) return print(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
