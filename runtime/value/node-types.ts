// Type tests of Node, which look at internal slots and not at prototypes. As in other files that are loaded at start-up,
// the Node module is not imported: an import lists all exports, and takes ten times as long as `getBuiltinModule`.

export const { isAnyArrayBuffer, isArrayBuffer, isDate, isMap, isPromise, isProxy, isRegExp, isSet } =
  process.getBuiltinModule('node:util/types');
