// Values to bytes and back: the generated codec against its alternatives, in time and in bytes.
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { Packr } from 'msgpackr';
import type { ValueKit, ValueOps } from '../runtime/contract/value-kit.ts';
import { createCipher } from '../runtime/crypto/aes-gcm.ts';
import { KeyRing } from '../runtime/crypto/key-ring.ts';
import { readMessagePack, writeMessagePack } from '../runtime/serializer/message-pack.ts';
import { valueKit } from '../runtime/value/value-kit.ts';
import { writeValue } from '../transformer/5-generate/write-value.ts';
import { interleave, rowOf, type Task } from './harness.ts';
import type { Scenario } from './report.ts';
import { makeOrder, type Order } from './subject/backend-sites.ts';
import { orderShape } from './subject/order-shape.ts';

const OURS = 'cachekit';
const ROUNDS = Number(process.env['ROUNDS'] ?? 21);
const PLAN = { clock: 'thread', rounds: ROUNDS, batchMs: 60, warmMs: 300 } as const;

interface Codec {
  readonly name: string;
  readonly encode: (value: Order) => Uint8Array;
  readonly decode: (bytes: Buffer) => unknown;
}

export async function codec(): Promise<Scenario[]> {
  const ops = generatedCodec();
  const scenarios: Scenario[] = [];
  for (const [label, bytes] of [
    ['1 KB', 1024],
    ['10 KB', 10_240],
  ] as const) {
    const values = Array.from({ length: 16 }, (_, id) => makeOrder(id + 1, bytes));
    scenarios.push(...(await compare(label, values, ops)));
  }
  return [...scenarios, await sealing(ops)];
}

/** The codec that the compiler generates for `Promise<Order>`, made with the kit of the runtime. */
function generatedCodec(): ValueOps {
  const text = writeValue(orderShape, []);
  const make = runInThisContext(`(${text})`) as (kit: ValueKit) => ValueOps; // the text of such a function
  return make(valueKit);
}

function codecs(ops: ValueOps): readonly Codec[] {
  const plain = new Packr({ useRecords: false });
  const shared = new Packr({ structures: [] });
  return [
    {
      name: 'JSON',
      encode: (value) => Buffer.from(JSON.stringify(value)),
      decode: (bytes) => JSON.parse(bytes.toString()) as unknown,
    },
    {
      name: 'msgpackr',
      encode: (value) => Buffer.from(plain.pack(value)),
      decode: (bytes) => plain.unpack(bytes) as unknown,
    },
    {
      name: 'msgpackr, shared structures',
      encode: (value) => Buffer.from(shared.pack(value)),
      decode: (bytes) => shared.unpack(bytes) as unknown,
    },
    { name: 'v8.serialize', encode: serialize, decode: (bytes) => deserialize(bytes) as unknown },
    {
      name: OURS,
      // Copied, as the writer reuses its memory and the others return a new buffer too.
      encode: (value) => Buffer.from(writeMessagePack((to) => ops.write(to, value as never))),
      decode: (bytes) => readMessagePack(bytes, (from) => ops.read(from)).value,
    },
  ];
}

async function compare(label: string, values: readonly Order[], ops: ValueOps): Promise<readonly Scenario[]> {
  const all = codecs(ops).map((one) => ({
    ...one,
    stored: values.map((value) => Buffer.from(one.encode(value))),
  }));
  const encode = all.map((one): Task => ({ name: one.name, batch: loopOf(one.encode, values) }));
  const decode = all.map((one): Task => ({ name: one.name, batch: loopOf(one.decode, one.stored) }));
  const clone: Task = { name: 'structuredClone, both ways', batch: loopOf(structuredClone, values) };
  const guarded = all.at(-1)!; // ours
  const guard: Task[] = [
    { name: 'decode', batch: loopOf(guarded.decode, guarded.stored) },
    { name: 'guard', batch: loopOf((value: Order) => ops.accepts(value), values) },
  ];
  const common = { reference: 'JSON', targets: { [OURS]: { ratio: 0.5 } } };
  return [
    {
      ...common,
      title: `Encode a typed object of ${label}`,
      rows: await interleave([...encode, clone], PLAN),
    },
    {
      ...common,
      title: `Decode a typed object of ${label}`,
      rows: await interleave([...decode, clone], PLAN),
    },
    {
      title: `Bytes of a typed object of ${label}`,
      reference: 'JSON',
      targets: { [OURS]: { ratio: 0.6 } },
      unit: 'bytes',
      rows: all.map(({ name, stored }) => rowOf(name, [stored[0]!.length])), // 16 of them
    },
    {
      title: `Guard of a typed object of ${label}, against decoding it`,
      reference: 'decode',
      targets: { guard: { ratio: 0.3 } },
      rows: await interleave(guard, PLAN),
    },
  ];
}

/** Encrypts a body of 1 KB with a derived key, in at most 15 µs. The floor is what Node takes for the same bytes. */
async function sealing(ops: ValueOps): Promise<Scenario> {
  const cipher = createCipher(new KeyRing(createSecretKey(randomBytes(32))), 'default');
  const body = Buffer.from(writeMessagePack((to) => ops.write(to, makeOrder(1, 4096) as never))).subarray(
    0,
    1024,
  );
  const head = Buffer.alloc(148, 1);
  const logical = Buffer.alloc(60, 2);
  const key = createSecretKey(randomBytes(32));
  const nonce = randomBytes(12);
  const bare = (bytes: Buffer): Buffer => {
    const gcm = createCipheriv('aes-256-gcm', key, nonce);
    gcm.setAAD(head);
    gcm.update(bytes);
    gcm.final();
    return gcm.getAuthTag();
  };
  const tasks: Task[] = [
    { name: 'createCipheriv', batch: loopOf(bare, [body]) },
    { name: 'encrypt 1 KB', batch: loopOf((bytes: Buffer) => cipher.seal(head, logical, bytes), [body]) },
  ];
  const rows = await interleave(tasks, PLAN);
  return {
    title: 'Encrypt a body of 1 KB, key warm',
    reference: 'createCipheriv',
    targets: { 'encrypt 1 KB': { most: 15_000 } },
    rows,
  };
}

/** Like `loopOf` of the harness, for synchronous functions: awaits nothing between two calls. */
function loopOf<A>(call: (argument: A) => unknown, args: readonly A[]): Task['batch'] {
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function(
    'call',
    'args',
    'return async (n) => { const m = args.length; let kept; for (let i = 0; i < n; i++) kept = call(args[i % m]); return kept; }',
  ) as (call: (argument: A) => unknown, args: readonly A[]) => Task['batch']; // the text above
  return make(call, args);
}
