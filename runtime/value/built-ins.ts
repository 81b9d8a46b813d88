// The built-ins that generated code gets from its kit.
import type { BuiltIns } from '../contract/built-ins.ts';

export const builtIns: BuiltIns = { Object, Array, Map, Set, Date };
