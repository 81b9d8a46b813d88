// Half-typed code: whatever stands in the editor, stage 1 answers, and its ranges lie in the file.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Range } from '../../../../../transformer/1-scan/marker.ts';
import { scanFile } from '../../../../../transformer/1-scan/scan-file.ts';
import { readSource } from '../../../1-scan/scan-source.ts';

const SAMPLE = `#!/usr/bin/env node
'use client'
import { cached, type Codec } from 'cachekit';
import * as ck from "cachekit";
/** Loads. @cache
 * @cache.production ttl=5m key=$id,$opts.page
 *   name="a b" !lock
 */
export async function getUser(id: number, { page = 1, ...rest }: Q = {}): Promise<User> { 'use server'; return db(id, page) }
export class Svc extends Base<User> { #x = 1
  /** @cache */ @Log('a') async [Symbol.iterator]<T>(this: Svc, a = this.#x): Promise<T> { return super.x(\`\${a} // /** @cache */\`) }
  static { /** @cache */ } get total() { return arguments.length } abstract m(): void; }
namespace N.M { export const f = cached(async (x) => ({ x }), { ttl: 60 * 5, ...CFG, key: (id) => [id] },); }
const obj = { /** @cache */ m: async () => 1, /* @cache */ n() {}, [k]: /re/g, ...o } as const;
for (const t of ts) { fns.push(cached.secure(async function load() { return <any>t }, opts)) } // @cache ttl=1
function make(tenant: string) { /** @cache */ return async (id) => tenant + id }
const view = <div title="/** @cache */">{/** @cache */ x} // text</div>;
/** @cache */ declare function f(a: string): void; let a = async () => 1, b; export default ck.cached(make);
`;

function rangesIn(value: unknown): readonly Range[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(rangesIn);
  return 'start' in value && 'end' in value ? [value as Range, ...inner] : inner; // the only objects with both are ranges
}

/** Everything stage 1 can be asked about the text; the ranges that do not lie in it. */
function strayRanges(source: string, fileName: string): readonly Range[] {
  const reader = readSource(source, fileName);
  const scanned = scanFile(reader);
  const points = scanned.markers.flatMap(({ target, call }) => [
    { start: target.body?.open ?? 0, end: target.body?.close ?? 0 },
    { start: 0, end: call?.argsEnd ?? 0 },
  ]);
  const found = [scanned, reader.comments(), reader.cachedCalls(), reader.targetAfter(source.length)];
  const head = { start: 0, end: reader.headAt() };
  return [...rangesIn(found), ...points, head].filter(
    ({ start, end }) => !(start >= 0 && start <= end && end <= source.length),
  );
}

const NOISE = [
  '/**',
  '*/',
  '`',
  '${',
  '{',
  '}',
  '(',
  '<',
  '@',
  '/** @cache ',
  'cached(',
  '#',
  '\\u',
  '\ufeff',
  '<<<<<<<',
];
const offset = fc.nat({ max: SAMPLE.length });
const fileName = fc.constantFrom('/src/a.ts', '/src/a.tsx', '/src/a.js', '/src/a.d.ts', '/src/a.cts');
const TIME_LIMIT_MS = 60_000;

function expectAnswers(edited: fc.Arbitrary<string>, numRuns: number): void {
  fc.assert(
    fc.property(edited, fileName, (source, name) => {
      expect(strayRanges(source, name)).toEqual([]);
    }),
    { numRuns },
  );
}

it(
  'answers for a text that ends anywhere',
  () => {
    expectAnswers(
      offset.map((at) => SAMPLE.slice(0, at)),
      100,
    );
    expect(strayRanges(SAMPLE, '/src/a.tsx')).toEqual([]);
  },
  TIME_LIMIT_MS,
);

it(
  'answers for a text with a piece cut out',
  () => {
    const cut = fc.tuple(offset, fc.nat({ max: 60 }));
    expectAnswers(
      cut.map(([at, length]) => SAMPLE.slice(0, at) + SAMPLE.slice(at + length)),
      150,
    );
    expect(strayRanges('', '/src/a.ts')).toEqual([]);
  },
  TIME_LIMIT_MS,
);

it(
  'answers for a text with a piece of itself, or noise, put in',
  () => {
    const piece = fc.oneof(
      fc.tuple(offset, fc.nat({ max: 40 })).map(([from, length]) => SAMPLE.slice(from, from + length)),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(...NOISE),
    );
    expectAnswers(
      fc.tuple(offset, piece).map(([at, text]) => SAMPLE.slice(0, at) + text + SAMPLE.slice(at)),
      200,
    );
    expect(strayRanges(NOISE.join(''), '/src/a.ts')).toEqual([]);
  },
  TIME_LIMIT_MS,
);
