// Makes decoders of stored values for `cachekit inspect`, from the types in a manifest.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { ValueKit, ValueOps } from '../../runtime/contract/value-kit.ts';
import type { WireReader } from '../../runtime/contract/wire.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import { parseWireShape } from '../2-shape/wire-shape.ts';
import { writeValue } from '../5-generate/write-value.ts';
import { UsageError } from './cli-context.ts';

type ReadersOf = (shape: string, kit: ValueKit) => readonly ((from: WireReader) => unknown)[];

const FILE_NAME = 'cachekit.manifest.json';

/**
 * @param file path of the manifest. Default: the usual name in this folder; undefined is returned if it is not there.
 * @throws UsageError when `file` is given but cannot be read
 */
export function shapedReaders(file: string | undefined, cwd: string): ReadersOf | undefined {
  const sites = readSites(file, cwd);
  if (sites === undefined) return undefined;
  return (shape, kit) => {
    const texts = sites.filter((site) => site?.shape === shape).map((site) => site?.wire);
    return [...new Set(texts)].flatMap((text) => readerOf(text, kit) ?? []);
  };
}

interface Site {
  readonly shape: unknown;
  readonly wire: unknown;
}

function readSites(file: string | undefined, cwd: string): readonly (Site | null)[] | undefined {
  const path = resolve(cwd, file ?? FILE_NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    if (file === undefined) return undefined;
    throw new UsageError(`--manifest: ${path} cannot be read.`);
  }
  const sites = parseSites(text);
  if (sites === undefined && file !== undefined)
    throw new UsageError(`--manifest: ${path} is no manifest of this version. A build writes it anew.`);
  return sites;
}

function parseSites(text: string): readonly (Site | null)[] | undefined {
  try {
    const value = JSON.parse(text) as { version?: unknown; sites?: unknown } | null; // checked here
    return value?.version === 1 && Array.isArray(value.sites) ? (value.sites as (Site | null)[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined: the text is not a type as this version writes it. */
function readerOf(wire: unknown, kit: ValueKit): ((from: WireReader) => unknown) | undefined {
  const parsed = typeof wire === 'string' ? parseWireShape(wire) : undefined;
  if (parsed === undefined) return undefined;
  try {
    const refs = parsed.refs.map(withStandIns);
    const text = writeValue(withStandIns(parsed.result), refs, ({ name }) => `s(${JSON.stringify(name)})`);
    // Running this text is safe: the compiler wrote it, and everything from the manifest is quoted in it.
    const make = runInThisContext(`(s) => ${text}`) as (s: typeof standIn) => (kit: ValueKit) => ValueOps;
    return make(standIn)(kit).read;
  } catch {
    return undefined;
  }
}

/**
 * Classes of the user are not loaded. A stand-in class with their id as its name shows the data that their codec
 * stored.
 */
function withStandIns<T>(shape: T): T {
  const isClass = (value: object): boolean => (value as Partial<TypeShape>).kind === 'class';
  return JSON.parse(JSON.stringify(shape), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && isClass(value)
      ? { ...value, reach: { kind: 'local', name: (value as { id: unknown }).id } }
      : value,
  ) as T; // a copy
}

function standIn(id: string): object {
  class Stored {
    readonly data: unknown;
    constructor(data: unknown) {
      this.data = data;
    }
  }
  Object.defineProperty(Stored, 'name', { value: id });
  const codec = { id, encode: ({ data }: Stored) => data, decode: (data: unknown) => new Stored(data) };
  return { type: Stored, codec };
}
