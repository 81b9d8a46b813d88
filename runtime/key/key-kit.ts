// The helpers that generated key functions call. Their contract is in ../contract/key-kit.ts.
import type { KeyKit } from '../contract/key-kit.ts';
import { builtIns } from '../value/built-ins.ts';
import { isDate, isList, isPlain, ownNames } from '../value/exact-kinds.ts';
import { encodeArg, encodeNumber, encodeString } from './encode-args.ts';

/** The only implementation of `KeyKit`. */
export const keyKit: KeyKit = {
  js: builtIns,
  any: encodeArg,
  num: (value) => (typeof value === 'number' ? encodeNumber(value) : encodeArg(value)),
  str: (value) => (typeof value === 'string' ? encodeString(value) : encodeArg(value)),
  bool: (value) => (value === true ? 't' : value === false ? 'f' : encodeArg(value)),
  only: (value, names) => {
    if (!isPlain(value)) return false;
    const own = ownNames(value);
    if (typeof own === 'string') return false;
    // Most objects have their properties in declared order.
    for (let i = 0; i < own.length; i++) {
      const name = own[i] as string; // i < length
      if (name !== names[i] && !names.includes(name)) return false;
    }
    return true;
  },
  list: isList,
  date: isDate,
  uses: () => {},
  same: (a, b) => (a === b ? a !== 0 || 1 / a === 1 / (b as 0) : a !== a && b !== b), // a === b, so b is a zero as well
};
