// Messages for values outside the data model of interop/v1, each with a fix.

const OTHER_CLASS = 'Pass its data as plain objects, arrays, texts and numbers.';

/** Sentences to follow the path of the value. */
export const PROBLEMS = {
  undefined: 'undefined is not in the data model. Pass null or leave the property out; pass every argument.',
  function: `a function is not in the data model. ${OTHER_CLASS}`,
  symbol: `a symbol is not in the data model. ${OTHER_CLASS}`,
  class: `an instance of a class is not in the data model. ${OTHER_CLASS}`,
  bytes:
    'of the kinds of bytes only Uint8Array and Buffer in plain memory are in the data model. Pass a Uint8Array.',
  set: 'a Set is in the data model of arguments, not of values. Store an array.',
  array:
    'an array with holes, with own properties or of a subclass is not in the data model. Pass a plain array.',
  accessor:
    'an object with a getter or setter is not in the data model. Pass an object with plain properties.',
  'symbol-key': 'an object with a symbol as a name is not in the data model. Leave that property out.',
  'hidden-property':
    'an object with a property that is not enumerable is not in the data model. Leave it out.',
  'map-name': 'a Map with a name that is not a text is not in the data model. Turn its keys into texts.',
  surrogate: 'the text has half of a surrogate pair, which UTF-8 cannot hold. Use toWellFormed().',
  'surrogate-name': 'a name in it has half of a surrogate pair, which UTF-8 cannot hold. Use toWellFormed().',
  'not-finite': 'NaN and infinite numbers are not in the data model. Pass null or a text.',
  'unsafe-integer': 'a whole number beyond 2^53 has lost digits and gives no certain key. Pass a bigint.',
  'integer-range': 'integers go from -2^63 to 2^64-1. Pass a text.',
  'invalid-date': 'an invalid Date is not in the data model. Pass null.',
  'date-range': 'dates go from year 1 to year 9999. Pass a text or a number.',
  'too-deep': 'it lies more than 100 levels deep, or contains itself. Pass flatter data.',
  'too-many': 'with it there are more than 1,000,000 values. Pass less.',
  'too-large': 'up to here it is larger than allowed (arguments 1 MiB, values 100 MiB). Pass less.',
  unreadable: 'it cannot be read: its own code threw. Pass plain data.',
} as const;

/** Kind of problem. */
export type Problem = keyof typeof PROBLEMS;
