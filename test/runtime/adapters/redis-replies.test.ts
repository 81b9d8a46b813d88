// Replies of any shape: read, or a transient failure. Never a crash, never a number that cannot be held.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  entryOf,
  flagOf,
  groupsOf,
  recordsOf,
  streamOf,
  wholeOf,
} from '../../../runtime/adapters/redis/replies.ts';
import { BackendError } from '../../../runtime/backend/backend-error.ts';

const text = (value: string): Buffer => Buffer.from(value);

test.each([
  [7, 7],
  [text('0'), 0],
  [text('8451742012345678'), 8451742012345678],
  [text('8.1e+15'), 8.1e15],
  ['1764108065000000', 1764108065000000],
])('%s is the number %s', (reply, value) => {
  expect(wholeOf(reply)).toBe(value);
});

test.each([
  -1,
  1.5,
  Number.NaN,
  2 ** 53,
  text('9007199254740992'),
  text('1e99'),
  text('inf'),
  text(''),
  null,
  [1],
])('%s is no whole number', (reply) => {
  expect(() => wholeOf(reply)).toThrow(expect.objectContaining({ kind: 'transient' }));
});

const fields = (over: Record<string, string> = {}): Buffer[] =>
  Object.entries({ i: '8000000000000001', p: '5', n: '00112233aabbccdd', t: 'k', k: 'ck1:{a}', ...over })
    .filter(([, value]) => value !== '')
    .flatMap((pair) => pair.map(text));
const record = (over?: Record<string, string>): unknown[] => [text('9-0'), fields(over)];

test('a record is read from a list, and from a stream in any of its forms', () => {
  const read = {
    inc: 8000000000000001,
    previous: 5,
    position: 9,
    id: '00112233aabbccdd',
    kind: 'key',
    subject: 'ck1:{a}',
    redone: false,
  };
  expect(recordsOf([record()])).toEqual([read]);
  expect(recordsOf([record({ d: '1', t: 'r', k: '' })])).toEqual([
    { ...read, kind: 'raise', subject: '', redone: true },
  ]);
  for (const reply of [[[text('l'), [record()]]], [text('l'), [record()]], { l: [record()] }]) {
    expect(streamOf(reply)).toEqual([read]);
  }
  expect(streamOf(null)).toEqual([]);
});

test.each([
  { t: 'x' },
  { t: 'constructor' },
  { t: '' },
  { k: '' },
  { n: '' },
  { i: '' },
  { p: '-1' },
  { t: 'r' },
])('a record with %o is refused', (over) => {
  expect(() => recordsOf([record(over)])).toThrow(BackendError);
});

test('what the registry keeps about itself is no group', () => {
  expect(groupsOf([text('!head'), text('9'), text('n:a'), text('7')])).toEqual([['n:a', 7]]);
});

test('no reply crashes a reader', () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.constant(null),
    fc.constant(undefined),
    fc.boolean(),
    fc.string({ maxLength: 8 }).map(text),
    fc.constantFrom(...fields(), text('9-0')),
  );
  const reply = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('any'), { maxLength: 6 }),
      fc.record({ a: tie('any') }),
    ),
  })).any;
  const crashOf = (read: (value: unknown) => unknown, value: unknown): unknown => {
    try {
      read(value);
      return undefined;
    } catch (error) {
      return error instanceof BackendError && error.kind === 'transient' ? undefined : error;
    }
  };
  fc.assert(
    fc.property(reply, (value) => {
      const readers = [entryOf, flagOf, wholeOf, groupsOf, recordsOf, streamOf];
      expect(readers.map((read) => crashOf(read, value))).toEqual(readers.map(() => undefined));
    }),
    { numRuns: 500 },
  );
});
