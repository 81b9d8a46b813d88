// `cachekit inspect`: shows the header of a stored entry, and its value only if asked for.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect as print } from 'node:util';
import type * as Runtime from '../../runtime/inspect/index.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { importRuntime } from './import-runtime.ts';
import { inspectLines } from './inspect-lines.ts';
import { shapedReaders } from './shaped-readers.ts';

export interface InspectOptions {
  /** A stored key, a file with the bytes of an entry, or `-` for bytes on stdin. */
  readonly what: string;
  /** `embedded`, or a Redis URL. Default: as the runtime chooses from the environment. */
  readonly backend: string | undefined;
  readonly decrypt: boolean;
  /** The logical key as a JSON list: namespace, site id, version text, key text. Needed to decrypt. */
  readonly logical: string | undefined;
  /** Manifest that names the parts of values. Default: `cachekit.manifest.json` in this folder, if there is one. */
  readonly manifest: string | undefined;
  readonly json: boolean;
}

/** `redis-cli --raw` writes a line end after the bytes. */
const LINE_END = 0x0a;

/** @returns 1 when there is no such entry, or when it would be refused by any function. */
export async function inspect(options: InspectOptions, context: CliContext): Promise<number> {
  const env = withoutEmpty(context.env ?? process.env);
  const readersOf = options.decrypt ? shapedReaders(options.manifest, context.cwd) : undefined;
  const runtime = await importRuntime<typeof Runtime>('cachekit/inspect', context);
  const fetch = async (name: string): Promise<Uint8Array | undefined> => {
    const backend = options.backend ?? defaultBackend(env);
    return runtime.readStored(name, backend, { cwd: context.cwd, env });
  };
  const { bytes, key } = await readBytes(options, context, fetch);
  if (bytes === undefined) {
    context.error(`There is no entry under ${options.what}.`);
    return EXIT.found;
  }
  const isInterop = key !== undefined && runtime.isInteropKey(key);
  const prefix = env['CACHEKIT_KEY_PREFIX'] ?? 'ck1';
  const question = {
    nowMs: Date.now(),
    key,
    record: isInterop ? await fetch(`${prefix}:s:{${key}}`) : undefined,
    masterKeys: masterKeys(env),
    open: options.decrypt,
    logical: readLogical(options.logical),
    ...(readersOf === undefined ? {} : { readersOf }),
  };
  const asGiven = await runtime.inspectEntry(bytes, question);
  const hasLineEnd = key === undefined && asGiven.refused === 'checksum' && bytes.at(-1) === LINE_END;
  const trimmed = hasLineEnd ? await runtime.inspectEntry(bytes.subarray(0, -1), question) : asGiven;
  const report = trimmed.refused === 'checksum' ? asGiven : trimmed;
  if (options.json) context.print(JSON.stringify({ version: 1, key, ...report }, plainValues));
  else context.print(inspectLines(report, key).join('\n'));
  return report.refused === undefined ? EXIT.fine : EXIT.found;
}

/** Forms of stored keys: of this library, of interop/v1, of the Python library. */
const STORED_KEYS = [
  /^[\w.:-]+:\{[\w-]{43}\}$/,
  /^[\w.-]+:[\w.-]+:[0-9a-f]{64}$/,
  /^(?:\S+:)?func:\S+:args:\S+$/,
];

async function readBytes(
  { what }: InspectOptions,
  { cwd }: CliContext,
  fetch: (key: string) => Promise<Uint8Array | undefined>,
): Promise<{ readonly bytes: Uint8Array | undefined; readonly key: string | undefined }> {
  if (what === '-') return { bytes: readFileSync(0), key: undefined };
  const file = resolve(cwd, what);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    return { bytes: readFileSync(file), key: undefined };
  if (!STORED_KEYS.some((form) => form.test(what)))
    throw new UsageError(
      `'${what}' is neither a file nor a stored key: ck1:{…43 characters…}, namespace:operation:…64 digits…, or one of the Python library.`,
    );
  return { bytes: await fetch(what), key: what };
}

/** The runtime takes an empty variable for one that is not set. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
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
    list = undefined; // reported below
  }
  if (Array.isArray(list) && list.length === 4 && list.every((part) => typeof part === 'string')) return list;
  throw new UsageError('--logical is a JSON list of four texts: namespace, site id, version text, key text.');
}

/** A JSON replacer for values that JSON cannot hold. */
function plainValues(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint' || value instanceof Map || value instanceof Set) return print(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
