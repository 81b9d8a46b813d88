// The built-in constructors that generated code gets from its kit.
import type { BuiltIns } from '../contract/built-ins.ts';

/** Taken from the globals of this module. */
export const builtIns: BuiltIns = { Object, Array, Map, Set, Date };
