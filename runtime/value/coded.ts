// A class codec as generated code and the tagged form use it: bound at its first use, and checked in both directions.
import type { Coded } from '../contract/value-kit.ts';
import { bindCodec, type BoundCodec } from './class-codec.ts';
import { failWire } from './wire-error.ts';

/**
 * `reach` gives the class or ClassCodec. It is called late, because the module may not be evaluated yet. `isWire`
 * checks that data is of the codec's declared type.
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

/** The class whose instance the value is. A class that cannot be reached has no instances. */
export function ownerOf(coded: readonly Coded[], value: object): Coded | undefined {
  return coded.find((one) => {
    try {
      return one.owns(value);
    } catch {
      return false;
    }
  });
}
