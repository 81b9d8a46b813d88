// Generated `write` and `read` as functions of trees, in which a test can see and change a part, and of bytes.
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import type { Wire } from '../../../runtime/contract/wire.ts';
import { readMessagePack, writeMessagePack } from '../../../runtime/serializer/message-pack.ts';
import { WireBuilder } from '../../../runtime/serializer/wire-builder.ts';
import { MalformedError } from '../../../runtime/serializer/wire-limits.ts';
import { WireWalker } from '../../../runtime/serializer/wire-walker.ts';
import { WireError } from '../../../runtime/value/wire-error.ts';

/** What readers throw, by its text. */
export const REFUSED = /^(?:Malformed entry body|Stored data is not of the declared type)$/;

export function isRefusal(error: unknown): boolean {
  return error instanceof MalformedError || error instanceof WireError;
}

interface WireForms {
  encode(value: unknown): Wire;
  decode(wire: unknown): unknown;
}

export function throughWire(ops: ValueOps): ValueOps & WireForms {
  return {
    ...ops,
    encode(value) {
      const builder = new WireBuilder();
      ops.write(builder, value as never);
      return builder.result;
    },
    decode(wire) {
      const walker = new WireWalker(wire);
      const value = ops.read(walker);
      walker.finish();
      return value;
    },
  };
}

interface Packed {
  encode(value: unknown): Buffer;
  decode(bytes: Buffer): unknown;
}

export function throughMessagePack({ write, read }: Pick<ValueOps, 'write' | 'read'>): Packed {
  return {
    encode: (value) => Buffer.from(writeMessagePack((to) => write(to, value as never))),
    decode: (bytes) => readMessagePack(bytes, read).value,
  };
}
