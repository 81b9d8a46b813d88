// The helpers that generated value functions call. Contract and meaning: ../contract/value-kit.ts.
import type { ValueKit } from '../contract/value-kit.ts';
import { builtIns } from './built-ins.ts';
import { bytesName, copyBytes, type Bytes } from './bytes-kinds.ts';
import { createCoded } from './coded.ts';
import { copyValue } from './copy-value.ts';
import { countOwn, isDate, isList, isMap, isPlain, isSet } from './exact-kinds.ts';
import { inspectValue } from './inspect-value.ts';
import * as leaf from './leaf-wire.ts';
import { decodeAny, encodeAny } from './tagged-wire.ts';
import { copyText, textName, type TextName } from './text-kinds.ts';
import { failWire } from './wire-error.ts';

export const valueKit: ValueKit = {
  js: builtIns,
  plain: isPlain,
  own: countOwn,
  num: leaf.encodeNumber,
  toNum: leaf.decodeNumber,
  str: leaf.encodeString,
  toStr: leaf.decodeString,
  big: leaf.encodeBigint,
  toBig: leaf.decodeBigint,
  date: leaf.encodeDate,
  toDate: leaf.decodeDate,
  bytes: leaf.encodeBytes,
  toBytes: leaf.decodeBytes,
  isBytes: (value, type) => bytesName(value) === type,
  isList,
  isDate,
  isMap,
  isSet,
  copyBytes: (value) => copyBytes(value as Bytes), // called for what isBytes took
  text: (value, type) => leaf.encodeText(value, type as TextName), // called for what isText took
  toText: leaf.decodeText,
  isText: (value, type) => textName(value) === type,
  copyText: (value, type) => copyText(value, type as TextName), // as above
  coded: createCoded,
  any: (value) => encodeAny(value),
  toAny: (wire) => decodeAny(wire),
  copyAny: (value) => copyValue(value),
  isAny: (value) => {
    const inspected = inspectValue(value);
    return inspected.ok && !inspected.hasRegExp;
  },
  ends: (value, coded) => inspectValue(value, coded).ok,
  list: (wire, length) =>
    Array.isArray(wire) && (length === undefined || wire.length === length) ? wire : failWire(),
  fail: failWire,
};
