// What a value is inside, whatever its prototype says. Not imported from `node:util/types`: a module of Node that is
// imported costs ten times what it costs to ask for it, since a list of its exports is made.

export const { isAnyArrayBuffer, isArrayBuffer, isDate, isMap, isPromise, isProxy, isRegExp, isSet } =
  process.getBuiltinModule('node:util/types');
