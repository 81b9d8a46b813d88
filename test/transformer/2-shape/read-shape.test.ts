// The reading itself, without a type checker: a reader made of facts written by hand.
import { describe, expect, it } from 'vitest';
import { isListedBuiltIn, knownType } from '../../../transformer/2-shape/known-types.ts';
import { placesOf } from '../../../transformer/2-shape/places-of.ts';
import { printShape, printSignature } from '../../../transformer/2-shape/print-shape.ts';
import { createShapeSession, MAX_DEPTH, MAX_NODES } from '../../../transformer/2-shape/read-shape.ts';
import { renumberRefs } from '../../../transformer/2-shape/renumber-refs.ts';
import type {
  MemberFacts,
  TypeFacts,
  TypeHandle,
  TypeReader,
} from '../../../transformer/2-shape/type-reader.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { unionShape, withoutUndefined } from '../../../transformer/2-shape/union-shape.ts';

type Facts = TypeFacts extends infer F ? (F extends TypeFacts ? Omit<F, 'files' | 'text'> : never) : never;

class Handle {
  readonly facts: () => Facts;
  readonly files: readonly string[];
  constructor(facts: () => Facts, files: readonly string[] = []) {
    this.facts = facts;
    this.files = files;
  }
}

const reader = (): TypeReader & { asked: number } => {
  const ids = new Map<TypeHandle, string>();
  return {
    asked: 0,
    describe(type) {
      this.asked += 1;
      const handle = type as Handle; // all handles of this test are
      return { ...handle.facts(), files: handle.files, text: 'T' } as TypeFacts;
    },
    identity(type) {
      const id = ids.get(type) ?? String(ids.size);
      ids.set(type, id);
      return id;
    },
    signature: () => {
      throw new Error('not asked here');
    },
    functionResult: () => undefined,
    codeTokens: () => ({ text: '', files: [] }),
    expressionTokens: () => ({ text: '', files: [] }),
  };
};

const of = (facts: Facts, ...files: string[]): Handle => new Handle(() => facts, files);
const string = of({ kind: 'primitive', name: 'string' });
const undefinedType = of({ kind: 'primitive', name: 'undefined' });
const any = of({ kind: 'keyword', name: 'any' });
const member = (name: string, type: TypeHandle, more: Partial<MemberFacts> = {}): MemberFacts => ({
  name,
  type,
  optional: false,
  readonly: false,
  role: 'field',
  pii: false,
  ...more,
});
const object = (
  members: readonly MemberFacts[],
  more: Partial<Extract<Facts, { kind: 'object' }>> = {},
): Facts => ({
  kind: 'object',
  name: undefined,
  class: false,
  callable: false,
  members,
  symbolKeys: 0,
  index: undefined,
  ...more,
});
const read = (type: Handle, closed = false): string => {
  const session = createShapeSession(reader());
  return printShape(session.root(type, closed), session.refs);
};

describe('reading', () => {
  it('any is refused at the root and kept below it', () => {
    expect(read(any)).toBe('!any(T)');
    expect(read(of({ kind: 'array', element: any, readonly: false }))).toBe('any[]');
  });

  it('undefined of an optional place is said once', () => {
    const type = of({ kind: 'union', arms: [string, undefinedType] });
    expect(read(of(object([member('a', type, { optional: true }), member('b', type)])))).toBe(
      '{ a?: string; b: string | undefined }',
    );
  });

  it('a property of @pii keeps a stronger mark of its type', () => {
    const secret = of({ kind: 'primitive', name: 'string', sensitive: 'secret' });
    expect(read(of(object([member('a', string, { pii: true }), member('b', secret, { pii: true })])))).toBe(
      '{ a: Pii<string>; b: Secret<string> }',
    );
  });

  it.each(['method', 'accessor', 'private'] as const)('a class with a %s is no data', (role) => {
    expect(read(of(object([member('a', string, { role })], { class: true })))).toBe('!class(T)');
  });

  it('an accessor of an object type is data, a method is a function at its path', () => {
    expect(read(of(object([member('a', string, { role: 'accessor' })])))).toBe('{ a: string }');
    expect(read(of(object([member('a', string, { role: 'method' })])))).toBe('{ a: !function(T) }');
  });

  it('a class without members is data without properties, an empty object type is anything', () => {
    expect(read(of(object([], { class: true })))).toBe('{}');
    expect(read(of(object([])))).toBe('!any(T)');
  });

  it('only a type that contains itself becomes a ref, wherever it was entered', () => {
    const node: Handle = new Handle(() =>
      object([member('next', nodes), member('twice', string)], { name: 'Node' }),
    );
    const nodes: Handle = new Handle(() => ({ kind: 'array', element: node, readonly: false }));
    expect(read(node)).toBe('Node');
    const session = createShapeSession(reader());
    expect(printShape(session.root(nodes, false), session.refs)).toBe('#0');
    expect(session.refs.map((body) => printShape(body, session.refs))).toEqual([
      '{ next: #0; twice: string }[]',
    ]);
    // The same type again is the ref that is there.
    expect(session.root(nodes, false)).toEqual({ kind: 'ref', id: 0 });
  });

  it('gives up on what is too deep or too large, and keeps nothing of it', () => {
    const endless = (depth: number): Handle =>
      new Handle(() => ({ kind: 'array', element: endless(depth + 1), readonly: false }));
    const tree = (): Handle => new Handle(() => object([member('a', tree()), member('b', tree())]));
    const loop: Handle = new Handle(() => object([member('self', loop), member('deep', endless(0))]));
    for (const type of [endless(0), tree(), loop]) {
      const source = reader();
      const session = createShapeSession(source);
      expect(session.root(type, false)).toEqual({ kind: 'unsupported', reason: 'too-deep', typeText: 'T' });
      expect(session.refs).toEqual([]);
      // Read twice: as it is written, and with each type once.
      expect(source.asked).toBeLessThanOrEqual(2 * (MAX_NODES + 1));
      expect(session.root(string, false)).toEqual({ kind: 'primitive', name: 'string' });
    }
  });

  it('counts a type once, however often it stands there, if it would be too large otherwise', () => {
    const level = (below: Handle): Handle =>
      of(object([member('a', below), member('b', below, { optional: true }), member('c', below)]));
    const levels = (count: number, below = of(object([member('x', string)]))): Handle =>
      count === 0 ? below : levels(count - 1, level(below));
    const session = createShapeSession(reader());
    expect(printShape(session.root(levels(2), false), session.refs)).toBe(
      '{ a: { a: { x: string }; b?: { x: string }; c: { x: string } }; b?: { a: { x: string }; b?: { x: string }; c: { x: string } }; c: { a: { x: string }; b?: { x: string }; c: { x: string } } }',
    );
    expect(session.root(levels(20), false)).toEqual({ kind: 'ref', id: 20 });
    expect(session.refs.map((body) => printShape(body, session.refs)).slice(0, 3)).toEqual([
      '{ x: string }',
      '{ a: #0; b?: #0; c: #0 }',
      '{ a: #1; b?: #1; c: #1 }',
    ]);
  });

  it(`follows ${MAX_DEPTH} levels`, () => {
    const nested = (levels: number): Handle =>
      levels === 0 ? string : of({ kind: 'array', element: nested(levels - 1), readonly: false });
    expect(read(nested(MAX_DEPTH))).toBe(`string${'[]'.repeat(MAX_DEPTH)}`);
    expect(read(nested(MAX_DEPTH + 1))).toBe('!too-deep(T)');
  });

  it('a constraint stands for a type parameter when nothing can be lost', () => {
    const parameter = (constraint: Handle | undefined): Handle =>
      of({ kind: 'type-parameter', name: 'T', constraint });
    expect(read(parameter(undefined))).toBe('!type-parameter(T)');
    expect(read(parameter(any))).toBe('!type-parameter(T)');
    expect(read(parameter(string), true)).toBe('string');
    const id = of(object([member('id', string)]));
    expect(read(parameter(id))).toBe('{ id: string }');
    expect(read(parameter(id), true)).toBe('!type-parameter(T)');
    const self: Handle = new Handle(() => ({ kind: 'type-parameter', name: 'T', constraint: list }));
    const list = of({ kind: 'array', element: self, readonly: false });
    expect(read(self)).toBe('#0');
  });

  it('collects the files of every type it reads', () => {
    const session = createShapeSession(reader());
    session.root(
      of(object([member('a', of({ kind: 'primitive', name: 'number' }, '/b.ts'))]), '/a.ts'),
      false,
    );
    expect([...session.files]).toEqual(['/a.ts', '/b.ts']);
  });
});

describe('known types', () => {
  it('knows qualified names, and that what it does not know is a built-in', () => {
    expect(knownType('NodeJS.ReadableStream')).toEqual({ kind: 'unsupported', reason: 'stream' });
    expect(knownType('Temporal.PlainDate')).toEqual({ kind: 'text', type: 'Temporal.PlainDate' });
    expect(knownType('Temporal.Now')).toEqual({ kind: 'unsupported', reason: 'built-in' });
    expect(knownType('constructor')).toEqual({ kind: 'unsupported', reason: 'built-in' });
    expect(isListedBuiltIn('PromiseFulfilledResult')).toBe(false);
  });
});

describe('unions', () => {
  const literal = (value: string | number | boolean): TypeShape => ({ kind: 'literal', value });
  const name = (text: 'string' | 'null' | 'undefined' | 'boolean'): TypeShape => ({
    kind: 'primitive',
    name: text,
  });

  it.each([
    [[literal(true), literal(false)], 'boolean'],
    [[literal(true), name('null')], 'true | null'],
    [[name('undefined'), name('null'), literal('b'), literal('a')], '"a" | "b" | null | undefined'],
    [[literal(10), literal(9)], '9 | 10'],
    [[name('string'), name('string')], 'string'],
    [[literal('a'), name('string')], 'string'],
    [[literal('a'), { ...name('string'), brand: 'X' }], '"a" | string<X>'],
    [
      [
        { ...literal(true), sensitive: 'pii' as const },
        { ...literal(false), sensitive: 'pii' as const },
      ],
      'Pii<boolean>',
    ],
    [[literal(true), { ...literal(false), brand: 'X' }], 'false<X> | true'],
    [[name('null'), { kind: 'any' as const }], 'any'],
    [[{ kind: 'union' as const, arms: [literal(1), name('null')] }, literal(2)], '1 | 2 | null'],
  ])('%j', (arms, printed) => {
    expect(printShape(unionShape(arms))).toBe(printed);
    expect(printShape(unionShape(arms.toReversed()))).toBe(printed);
  });

  it('undefined is taken out where the place says it', () => {
    expect(withoutUndefined(unionShape([name('undefined'), name('string')]))).toEqual(name('string'));
    expect(withoutUndefined(name('undefined'))).toEqual(name('undefined'));
  });
});

describe('walking', () => {
  const user: TypeShape = {
    kind: 'object',
    name: 'User',
    properties: [
      {
        name: 'tags',
        optional: false,
        readonly: false,
        shape: { kind: 'array', readonly: false, element: { kind: 'date' } },
      },
      {
        name: 'a-b',
        optional: false,
        readonly: false,
        shape: { kind: 'map', readonly: false, key: { kind: 'date' }, value: { kind: 'ref', id: 0 } },
      },
      {
        name: 'all',
        optional: true,
        readonly: false,
        shape: { kind: 'record', readonly: false, properties: [], value: { kind: 'ref', id: 0 } },
      },
      {
        name: 'pair',
        optional: true,
        readonly: false,
        shape: {
          kind: 'tuple',
          readonly: false,
          elements: [
            {
              shape: { kind: 'union', arms: [{ kind: 'date' }, { kind: 'any' }] },
              optional: false,
              rest: false,
            },
            {
              shape: { kind: 'set', readonly: false, element: { kind: 'date' } },
              optional: false,
              rest: true,
            },
          ],
        },
      },
    ],
  };

  it('visits every node with its path, the body of a recursion once', () => {
    const places = [...placesOf({ kind: 'ref', id: 0 }, [user])];
    expect(places.map(({ shape, path }) => `${path} ${shape.kind}`)).toEqual([
      ' ref',
      ' object',
      '.tags array',
      '.tags[] date',
      '["a-b"] map',
      '["a-b"]<key> date',
      '["a-b"]<value> ref',
      '.all record',
      '.all<value> ref',
      '.pair tuple',
      '.pair[0] union',
      '.pair[0] date',
      '.pair[0] any',
      '.pair[] set',
      '.pair[]<value> date',
    ]);
    expect([...placesOf({ kind: 'date' }, [])]).toHaveLength(1);
  });

  it('prints all kinds, and a signature with its recursive types', () => {
    expect(
      printSignature({
        bound: [{ name: 'a', shape: { kind: 'bytes', type: 'Buffer' }, optional: true, rest: false }],
        captures: [
          { name: 'b', shape: { kind: 'literal', value: { bigint: '-1' } }, optional: false, rest: false },
        ],
        result: { kind: 'ref', id: 0 },
        returnsPromise: true,
        predicate: false,
        refs: [user],
        files: [],
      }),
    ).toBe(
      '(a?: Buffer) => Promise<User> with b: -1n\nUser = { tags: Date[]; "a-b": Map<Date, User>; all?: { [key: string]: User }; pair?: [(Date | any), ...Set<Date>[]] }',
    );
  });

  it('numbers refs by appearance and drops those that are not reached', () => {
    const array = (id: number): TypeShape => ({
      kind: 'array',
      readonly: false,
      element: { kind: 'ref', id },
    });
    const signature = {
      bound: [{ name: 'a', shape: { kind: 'ref' as const, id: 2 }, optional: false, rest: false }],
      captures: [],
      result: array(0),
      returnsPromise: false,
      predicate: false,
      refs: [array(2), array(1), array(2)],
      files: [],
    };
    const moved = renumberRefs(signature);
    expect(moved.refs).toEqual([array(0), array(0)]);
    expect(moved.result).toEqual(array(1));
  });
});
