// Where a value does not fit its type, found out by the guard that the compiler writes for it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { findMisfit } from '../../../runtime/value/find-misfit.ts';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { testProgram } from '../2-shape/typescript-program.ts';
import { evaluate } from './evaluate.ts';
import { REFS, shapeArb, valueArb } from './shapes.ts';

const TYPES = `
interface Row { id: number; createdAt: Date; owner?: { name: string; tags: string[] } }
interface Circle { radius: number }
interface Square { side: number }
type Shape = Circle | Square;
type Event = { kind: 'a'; at: number } | { kind: 'b'; at: string };
interface Tree { value: number; kids: Tree[] }
`;

function misfit(type: string, value: unknown): string {
  const program = testProgram(`${TYPES} export async function f(): Promise<${type}> { throw 0; }`);
  const { result, refs } = program.signature('f');
  const { accepts } = evaluate(writeValue(result, refs))(valueKit) as ValueOps; // the text of such a function
  expect(accepts(value, true)).toBe(false);
  return findMisfit(accepts, value);
}

const row = (more: object = {}) => ({ id: 1, createdAt: new Date(0), ...more });

describe('findMisfit', () => {
  it.each<[type: string, value: unknown, said: string]>([
    ['Row', row({ createdAt: '2026-01-01' }), '.createdAt is a string'],
    ['Row', { createdAt: new Date(0) }, '.id is undefined or missing'],
    ['Row', row({ id: null }), '.id is null'],
    ['Row | null', row({ createdAt: 5 }), '.createdAt is a number'],
    ['Row[]', [row(), row({ createdAt: 'x' }), row()], '[].createdAt is a string'],
    [
      '{ rows: Row[]; total: number }',
      { rows: [row(), row({ id: 1n })], total: 1 },
      '.rows[].id is a bigint',
    ],
    ['{ rows: Row[]; total: number }', { rows: [row()], total: '1' }, '.total is a string'],
    ['Row', row({ owner: { name: 'x', tags: ['a', 1] } }), 'the problem is inside .owner.tags'],
    ['Row', row({ owner: { name: 'x' } }), '.owner.tags is undefined or missing'],
    ['Row', row({ owner: 'x' }), '.owner is a string'],
    // Both are wrong: the first is told.
    ['Row', { id: '1', createdAt: 'x' }, '.id is a string'],
    ['{ "a-b": { c: number } }', { 'a-b': { c: new Map() } }, 'the problem is inside ["a-b"].c'],
    ['Date', '2026-01-01', 'it is a string'],
    ['number[]', [1, 'x'], 'the problem is inside it'],
    // Of a union of objects nobody knows which one was meant.
    ['{ shape: Shape }', { shape: { radius: '5' } }, 'the problem is inside .shape'],
    ['Event', { kind: 'b', at: 5 }, 'the problem is inside it'],
    [
      'Event[]',
      [
        { kind: 'a', at: 5 },
        { kind: 'b', at: 5 },
      ],
      'the problem is inside it',
    ],
    ['Circle[] | Square[]', [{ side: 1 }, { side: 'x' }], 'the problem is inside it'],
    // A list of several types: the string is wrong here, and not the last property that was read.
    ['(Row | string)[]', [row(), 5], 'the problem is inside it'],
    ['[Row, string]', [row(), 5], 'the problem is inside it'],
    ['[Row, string?]', [row(), 5], 'the problem is inside it'],
    ['[Row, ...string[]]', [row(), 5], 'the problem is inside it'],
    ['[...Row[], string]', [row(), row(), 5], 'the problem is inside it'],
    ['[{}, Row, string]', [{}, row(), 5], 'the problem is inside it'],
    [
      '{ list: (Row | string)[]; end: number }',
      { list: [row(), 5], end: 'x' },
      'the problem is inside .list',
    ],
    ['{ pair: [Row, string]; end: number }', { pair: [row(), 'x'], end: 'x' }, '.end is a string'],
    ['{ by: Map<string, Row> }', { by: new Map([['k', row({ id: 'x' })]]) }, 'the problem is inside .by'],
    ['Row[]', Array.from({ length: 1001 }, () => row({ id: 'x' })), 'the problem is inside it'],
    // The type contains itself: its guard does not take what watches it.
    ['Tree', { value: 1, kids: [{ value: 'x', kids: [] }] }, 'the problem is inside it'],
  ])('%s', (type, value, said) => {
    expect(misfit(type, value)).toBe(said);
  });

  it('prints no name that comes from the data', () => {
    const secret = 'sk_live_1234';
    expect(misfit('Record<string, number>', { a: 1, [secret]: 'x' })).toBe('[?] is a string');
    expect(misfit('Record<string, { n: number }>', { [secret]: { n: 'x' } })).toBe('[?].n is a string');
    expect(misfit('{ n: number; by: Record<string, Row> }', { [secret]: 1, n: 1, by: { [secret]: 1 } })).toBe(
      '.by[?] is a number',
    );
  });

  it('names the place of a change, or one on the way to it', () => {
    const change = fc.constantFrom('junk', 7.5, null, 99n, new Date(0), {}, [], { kind: 'junk' }, new Set());
    const changed = shapeArb.chain((shape) =>
      fc.record({ shape: fc.constant(shape), value: valueArb(shape), change, at: fc.nat() }),
    );
    let told = 0;
    fc.assert(
      fc.property(changed, ({ shape, value, change: part, at }) => {
        const places = placesIn(value);
        const place = places[at % places.length] ?? [];
        const broken = withChange(value, place, part);
        const { accepts, declared } = evaluate(writeValue(shape, REFS))(valueKit) as ValueOps; // as above
        fc.pre(accepts(value, true) && !accepts(broken, true) && inspectValue(broken, declared?.coded).ok);
        const said = findMisfit(accepts, broken);
        const steps = stepsOf(said);
        if (steps.length > 0) told++;
        const onTheWay = place.slice(0, steps.length).map((step) => (typeof step === 'number' ? '[]' : step));
        expect(steps.slice(0, place.length).map((step, i) => (step === '[?]' ? onTheWay[i] : step))).toEqual(
          onTheWay,
        );
      }),
      { numRuns: 2000, seed: 20_260_101 },
    );
    expect(told).toBeGreaterThan(50);
  });
});

type Place = readonly (string | number)[];

/** Every place in a value that a path of names and indices leads to. */
function placesIn(value: unknown): readonly Place[] {
  const isOpen = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
  if (!isOpen) return [[]];
  const inside = Object.entries(value as object).flatMap(([name, part]) =>
    placesIn(part).map((place) => [Array.isArray(value) ? Number(name) : name, ...place]),
  );
  return [[], ...inside];
}

function withChange(value: unknown, [step, ...rest]: Place, part: unknown): unknown {
  if (step === undefined) return part;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[step] = withChange(copy[step], rest, part);
  return copy;
}

function stepsOf(said: string): readonly string[] {
  const path = said.replace(/^the problem is inside /, '').replace(/ is (?:an? )?[\w. ]+$/, '');
  if (path === 'it') return [];
  return [...path.matchAll(/\.([\p{ID_Continue}$]+)|(\[\]|\[\?\])|\[("(?:[^"\\]|\\.)*")\]/gu)].map(
    ([, name, list, quoted]) => name ?? list ?? (JSON.parse(quoted ?? '""') as string),
  );
}
