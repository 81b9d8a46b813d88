// Classes with a codec, from value to bytes and back, and in keys: whatever a codec does is a miss at worst.
import { expect, it } from 'vitest';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { createBody } from '../../../runtime/envelope/body.ts';
import { encodeArg } from '../../../runtime/key/encode-args.ts';
import { UnkeyableError } from '../../../runtime/key/unkeyable-error.ts';
import { codec, defineCodec, type Codec } from '../../../runtime/value/class-codec.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';

class Point {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }

  static readonly [codec]: Codec<Point, number> = {
    id: 'test/point/1',
    encode: (point) => point.x,
    decode(x) {
      if (x === 13) throw new Error('unlucky');
      return x === 14 ? (Promise.resolve(new Point(x)) as never) : new Point(x);
    },
  };
}

/** What the compiler writes for a result `{ at: Point }`. */
function ops(reach: () => unknown = () => Point): ValueOps {
  const coded = valueKit.coded('test/point/1', reach, (data) => typeof data === 'number');
  const of = (value: unknown) => value as { at: object }; // what accepts took
  return {
    accepts(value, open = false) {
      try {
        return coded.is(of(value).at) && (open || Object.keys(of(value)).length === 1);
      } catch {
        return false;
      }
    },
    declared: { coded: [coded] },
    copy: (value) => ({ at: coded.decode(coded.encode(of(value).at)) }),
    write: (to, value) => to.num(coded.encode(of(value).at) as number), // accepted as one
    read: (from) => ({ at: coded.decode(from.num()) }),
  };
}

it('writes and reads instances, in both forms', () => {
  const body = createBody('auto', ops());
  for (const value of [{ at: new Point(-0) }, { at: new Point(NaN), more: [1] }]) {
    const written = body.write(value);
    if (typeof written === 'string') throw new Error(written);
    expect(written.form).toBe('more' in value ? 'tagged' : 'shaped');
    const read = body.read(written.raw, written.form);
    expect(read).toMatchObject({ ok: true, value });
    expect((read as { value: typeof value }).value.at).toBeInstanceOf(Point);
  }
});

it.each([13, 14])('reads nothing where decode throws or gives something else (%d)', (x) => {
  const body = createBody('auto', ops());
  const written = body.write({ at: new Point(x) });
  if (typeof written === 'string') throw new Error(written);
  expect(() => body.read(written.raw, written.form)).toThrow(/unlucky|declared type/);
});

it('stores nothing of a class that is not there, or has another codec', () => {
  const value = { at: new Point(1) };
  class Other {
    static readonly [codec]: Codec<Other, number> = {
      id: 'test/other/1',
      encode: () => 1,
      decode: () => new Other(),
    };
  }
  const late = (): unknown => {
    throw new ReferenceError('not yet');
  };
  for (const reach of [() => undefined, late, () => Other, () => ({}), () => ({ type: Point, codec: {} })])
    expect(createBody('auto', ops(reach)).write(value)).toBe('unstorable');
});

it('has keys: by id and data, one class per id', () => {
  expect(encodeArg(new Point(1))).toBe('Cs12:test/point/1d1;');
  expect(encodeArg([new Point(1)])).not.toBe(encodeArg([1]));
  class Plain {
    readonly y = 1;
  }
  expect(() => encodeArg(new Plain())).toThrow(UnkeyableError);
  const made = defineCodec(Plain, {
    id: 'test/plain/1',
    encode: (value) => value.y,
    decode: () => new Plain(),
  });
  expect(made.type).toBe(Plain);
  expect(encodeArg(new Plain())).toBe('Cs12:test/plain/1d1;');
  class Thief {
    static readonly [codec]: Codec<Thief, number> = {
      id: 'test/point/1',
      encode: () => 1,
      decode: () => new Thief(),
    };
  }
  expect(() => encodeArg(new Thief())).toThrow(UnkeyableError);
  expect(() => encodeArg(new (class extends Point {})(1))).toThrow(UnkeyableError);
  expect(() => encodeArg(Object.create(Point.prototype))).not.toThrow(TypeError); // x is undefined, which is data
});
