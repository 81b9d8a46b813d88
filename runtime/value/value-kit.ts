// The helpers that generated value functions call. Their contract is in ../contract/value-kit.ts.
import type { ValueKit } from '../contract/value-kit.ts';
import { builtIns } from './built-ins.ts';
import { bytesName, copyBytes, makeBytes, viewBytes, type Bytes } from './bytes-kinds.ts';
import { createCoded } from './coded.ts';
import { copyValue } from './copy-value.ts';
import { copyEach, writeEach } from './each-element.ts';
import { countOwn, isClosed, isDate, isDense, isMap, isPlain, isSet } from './exact-kinds.ts';
import { inspectValue } from './inspect-value.ts';
import { decodeDate } from './leaf-wire.ts';
import { copyMap, writeMap } from './primitive-map.ts';
import { isStrings, readStrings, writeStrings } from './string-list.ts';
import { decodeAny, encodeAny } from './tagged-wire.ts';
import { copyText, makeFromText, textName, textOf, type TextName } from './text-kinds.ts';
import { failWire } from './wire-error.ts';
import { endWith, enterLayout, enterOnlyArm, writeLayout, writeOnlyArm } from './wire-steps.ts';

/** The only implementation of `ValueKit`. */
export const valueKit: ValueKit = {
  js: builtIns,
  plain: isPlain,
  own: countOwn,
  closed: isClosed,
  toDate: decodeDate,
  bytes: viewBytes,
  toBytes: (bytes, type) => makeBytes(type, bytes),
  isBytes: (value, type) => bytesName(value) === type,
  isList: isDense,
  isStrings,
  strings: writeStrings,
  toStrings: readStrings,
  each: writeEach,
  copyEach,
  map: writeMap,
  copyMap,
  isDate,
  isMap,
  isSet,
  copyBytes: (value) => copyBytes(value as Bytes), // called only after isBytes
  text: (value, type) => textOf(value, type as TextName), // called only after isText
  toText: makeFromText,
  isText: (value, type) => textName(value) === type,
  copyText: (value, type) => copyText(value, type as TextName), // called only after isText
  coded: createCoded,
  any: (value) => encodeAny(value),
  toAny: (wire) => decodeAny(wire),
  copyAny: (value) => copyValue(value),
  isAny: (value) => {
    const inspected = inspectValue(value);
    return inspected.ok && !inspected.hasRegExp;
  },
  ends: (value, coded) => inspectValue(value, coded).ok,
  into: writeOnlyArm,
  arm: enterOnlyArm,
  layout: writeLayout,
  toLayout: enterLayout,
  end: endWith,
  fail: failWire,
};
