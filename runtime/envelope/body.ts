// Value ↔ body bytes of one site. Chooses the form of a value (shaped, tagged or custom) when writing, and reads each
// form.
import type { ValueOps } from '../contract/value-kit.ts';
import type { WireReader } from '../contract/wire.ts';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import type { Built } from '../entry/entry.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import type { Serializer, WireFormat } from '../serializer/serializer.ts';
import { findWireFormat } from '../serializer/wire-formats.ts';
import { TooManyNodesError } from '../serializer/wire-limits.ts';
import { inspectValue } from '../value/inspect-value.ts';
import { decodeAny, encodeAny } from '../value/tagged-wire.ts';
import { CUSTOM_SERIALIZER, type BodyForm } from './frame.ts';

interface SerializedBody {
  readonly form: BodyForm;
  readonly raw: Buffer;
}

/**
 * Both methods may throw; the codec turns an error into a reason. The bytes of `write` are valid until the next write.
 */
export interface Body {
  /** Stored in the header. */
  readonly serializerCode: number;
  readonly serializerHash: Buffer;
  write(value: unknown): SerializedBody | 'too-large' | 'unstorable';
  read(raw: Buffer, form: BodyForm): BodyValue;
}

/** `ok: false`: the bytes can be decoded, but are not a value that this function could have returned. */
type BodyValue =
  | { readonly ok: true; readonly value: unknown; readonly built: Built | undefined }
  | { readonly ok: false };

/**
 * `ops`: generated value functions; undefined without the compiler.
 * @throws ERR_CACHEKIT_CONFIG for an unknown serializer
 */
export function createBody(serializer: string | Serializer, ops: ValueOps | undefined): Body {
  if (typeof serializer !== 'string') return customBody(serializer, ops);
  const format = findWireFormat(serializer);
  if (format === undefined) {
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      'There is no such serializer; the built-in ones are std, auto, json and arrow.',
    );
  }
  return wireBody(format, ops);
}

function wireBody(format: WireFormat, ops: ValueOps | undefined): Body {
  const readShaped = ops && ((from: WireReader): unknown => ops.read(from));
  return {
    serializerCode: format.code,
    serializerHash: Buffer.alloc(8),
    write(value) {
      const shaped = ops?.accepts(value) === true;
      if (!shaped && !(acceptsOpen(ops, value) && isTaggable(ops, value))) return 'unstorable';
      try {
        const raw = format.write((to) => {
          // `accepts` has checked that the value is of the type that `write` takes.
          if (shaped) ops.write(to, value as never);
          else to.wire(encodeAny(value, ops?.declared));
        });
        return { form: shaped ? 'shaped' : 'tagged', raw };
      } catch (error) {
        if (error instanceof TooManyNodesError) return 'too-large';
        throw error;
      }
    },
    read(raw, form) {
      if (form === 'shaped') {
        if (readShaped === undefined) return { ok: false };
        const { value, sizeBytes } = format.read(raw, readShaped);
        return { ok: true, value, built: { exact: true, sizeBytes } };
      }
      if (form === 'custom') return { ok: false };
      const { value, sizeBytes } = format.read(raw, (from) => decodeAny(from.wire(), ops?.declared));
      return acceptsOpen(ops, value)
        ? { ok: true, value, built: { exact: false, sizeBytes } }
        : { ok: false };
    },
  };
}

function customBody(serializer: Serializer, ops: ValueOps | undefined): Body {
  return {
    serializerCode: CUSTOM_SERIALIZER,
    serializerHash: nodeCrypto().hash('sha256', serializer.id, 'buffer').subarray(0, 8),
    write(value) {
      if (!acceptsOpen(ops, value)) return 'unstorable';
      const bytes: unknown = serializer.serialize(value);
      if (!(bytes instanceof Uint8Array)) return 'unstorable';
      return { form: 'custom', raw: asBuffer(bytes) };
    },
    read(raw, form) {
      if (form !== 'custom') return { ok: false };
      // A copy, because a serializer may keep its input, which must not be the stored bytes themselves.
      const value = serializer.deserialize(new Uint8Array(raw));
      const isValue = acceptsOpen(ops, value) && inspectValue(value, ops?.declared?.coded).ok;
      return isValue ? { ok: true, value, built: undefined } : { ok: false };
    },
  };
}

/** Whether the tagged form can represent the value: it consists of plain data, and of kinds that the type names. */
function isTaggable(ops: ValueOps | undefined, value: unknown): boolean {
  const inspected = inspectValue(value, ops?.declared?.coded);
  return inspected.ok && (!inspected.hasRegExp || ops?.declared?.regExp === true);
}

/** Whether the value is of the declared type, further properties allowed. Any value is, if the type is not known. */
function acceptsOpen(ops: ValueOps | undefined, value: unknown): boolean {
  return ops === undefined || ops.accepts(value, true);
}

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
