// The stream of replies, cut anywhere: right ones pass, one that lost its place does not.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyFrames } from '../../../runtime/adapters/redis/reply-frames.ts';

const line = fc.stringMatching(/^[ -~]{0,20}$/);
const bulk = fc
  .uint8Array({ maxLength: 300 })
  .map((body) => Buffer.concat([Buffer.from(`$${body.length}\r\n`), body, Buffer.from('\r\n')]));
const reply = fc.oneof(
  bulk,
  line.map((text) => Buffer.from(`+${text}\r\n`)),
  line.map((text) => Buffer.from(`-ERR ${text}\r\n`)),
  fc.integer().map((number) => Buffer.from(`:${number}\r\n`)),
  fc
    .constantFrom(
      '$-1\r\n',
      '*-1\r\n',
      '*0\r\n',
      '*2\r\n$1\r\na\r\n:1\r\n',
      '*2\r\n*1\r\n*2\r\n:1\r\n:2\r\n%1\r\n+a\r\n$0\r\n\r\n',
      '%1\r\n+a\r\n=5\r\ntxt:b\r\n',
      '|1\r\n+ttl\r\n:1\r\n~2\r\n:1\r\n:2\r\n',
      '_\r\n',
    )
    .map((text) => Buffer.from(text)),
);

/** The chunks of `bytes` when cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

test('every reply that Redis makes passes, however it arrives', () => {
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 20 }),
      fc.array(fc.nat(5000), { maxLength: 10 }),
      (all, places) => {
        const frames = new ReplyFrames();
        for (const chunk of cut(Buffer.concat(all), places)) expect(frames.accept(chunk)).toBe(true);
      },
    ),
  );
});

test.each([
  ['a length cut short', '$9\r$9\r'],
  ['a body longer than said', '$3\r\nabcd\r\n'],
  ['a body without its end', '$3\r\nabc+OK\r\n'],
  ['a length that is none', '$x\r\n'],
  ['a line that ends with CR alone', '+OK\r+OK\r\n'],
])('%s does not', (_, text) => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 5 }), (places) => {
      const frames = new ReplyFrames();
      const accepted = cut(Buffer.from(text), places).map((chunk) => frames.accept(chunk));
      expect(accepted).toContain(false);
    }),
  );
});

test('of replies that nobody waits for the first is noticed, however it arrives', () => {
  const push = fc.constant(Buffer.from('>2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n'));
  fc.assert(
    fc.property(
      fc.array(reply, { minLength: 1, maxLength: 10 }),
      push,
      fc.array(fc.nat(5000), { maxLength: 10 }),
      (all, said, places) => {
        const [enough, scarce] = [new ReplyFrames(), new ReplyFrames()];
        const bytes = Buffer.concat([said, ...all, said]);
        expect(enough.accept(bytes, all.length)).toBe(true);
        expect(scarce.accept(bytes, all.length - 1)).toBe(false);
        // One at a time: none is owed until the first begins.
        const frames = new ReplyFrames();
        const accepted = cut(bytes, places).map((chunk) => frames.accept(chunk, 0));
        expect(accepted).toContain(false);
      },
    ),
  );
});
