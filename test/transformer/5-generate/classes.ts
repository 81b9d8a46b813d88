// Classes with codecs for generated functions, and a Temporal for runtimes that have one only behind a flag.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { codec, defineCodec, type Codec } from '../../../runtime/value/class-codec.ts';
import type { ClassReach, TypeShape } from '../../../transformer/2-shape/type-shape.ts';

/** Immutable, private state, a codec of its own. */
export class Money {
  readonly #cents: bigint;
  readonly currency: string;

  constructor(cents: bigint, currency: string) {
    this.#cents = cents;
    this.currency = currency;
  }

  get cents(): bigint {
    return this.#cents;
  }

  static readonly [codec]: Codec<Money, { cents: bigint; currency: string }> = {
    id: 'test/money/1',
    encode: (money) => ({ cents: money.#cents, currency: money.currency }),
    decode: ({ cents, currency }) => new Money(cents, currency),
  };
}

/** Mutable, and it hands its own list to the codec: a copy that shares it would show. */
export class Basket {
  readonly items: string[];

  constructor(items: string[]) {
    this.items = items;
  }
}

export const basketCodec = defineCodec(Basket, {
  id: 'test/basket/1',
  encode: (basket) => basket.items,
  decode: (items: string[]) => new Basket(items),
});

const string: TypeShape = { kind: 'primitive', name: 'string' };

export const moneyShape: TypeShape = {
  kind: 'class',
  id: 'test/money/1',
  name: 'Money',
  reach: { kind: 'local', name: 'Money' },
  wire: {
    kind: 'object',
    properties: [
      { name: 'cents', shape: { kind: 'primitive', name: 'bigint' }, optional: false, readonly: false },
      { name: 'currency', shape: string, optional: false, readonly: false },
    ],
  },
};

export const basketShape: TypeShape = {
  kind: 'class',
  id: 'test/basket/1',
  name: 'Basket',
  reach: { kind: 'module', from: './codecs.ts', name: 'basketCodec' },
  wire: { kind: 'array', element: string, readonly: false },
};

/** What emitted code would have in scope. */
Object.assign(globalThis, { ckTest: { Money, basketCodec } });

export function reachText(reach: ClassReach): string {
  return `globalThis.ckTest.${reach.name}`;
}

/** Sets `globalThis.Temporal` where there is none. @throws where this Node has none at all. */
export function ensureTemporal(): void {
  if (Reflect.get(globalThis, 'Temporal') !== undefined) return;
  setFlagsFromString('--harmony-temporal');
  const temporal: unknown = runInNewContext('Temporal');
  Object.assign(globalThis, { Temporal: temporal });
}
