// A class codec as generated code and the tagged form use it: bound when it is first needed, checked on both sides.
import type { Coded } from '../contract/value-kit.ts';
import { bindCodec, type BoundCodec } from './class-codec.ts';
import { failWire } from './wire-error.ts';

/**
 * `reach` gives the class or ClassCodec; it is asked late, since a module may still be on its way. `isWire`: the data is
 * what the codec's types say.
 */
export function createCoded(id: string, reach: () => unknown, isWire: (data: unknown) => boolean): Coded {
  let known: BoundCodec | undefined;
  const bound = (): BoundCodec => (known ??= bindCodec(reach(), id) ?? failWire());
  const owns = (value: object): boolean => Object.getPrototypeOf(value) === bound().prototype;
  const encode = (value: object): unknown => bound().codec.encode(value);
  return {
    id,
    owns,
    is: (value) => typeof value === 'object' && value !== null && owns(value) && isWire(encode(value)),
    encode,
    decode(data) {
      if (!isWire(data)) return failWire();
      const made: unknown = bound().codec.decode(data);
      return typeof made === 'object' && made !== null && owns(made) ? made : failWire();
    },
  };
}

/** Whose instance `value` is. A class that cannot be reached owns nothing. */
export function ownerOf(coded: readonly Coded[], value: object): Coded | undefined {
  return coded.find((one) => {
    try {
      return one.owns(value);
    } catch {
      return false;
    }
  });
}
