// Imports that emitted code needs for class codecs. They go to the end of the file, so that the user's own imports run
// first.
import type { ClassReach } from '../2-shape/type-shape.ts';
import { member, quote } from './literal.ts';

export interface ClassModules {
  /** Expression for the class or ClassCodec. Adds an import if one is needed. */
  readonly reach: (of: ClassReach) => string;
  /** The imports as one line, for ES modules and for CommonJS; absent when none is needed. */
  texts(): { readonly imports?: string; readonly importsCjs?: string };
}

/** @param free turns a name into one that the file does not use. */
export function createClassModules(free: (name: string) => string): ClassModules {
  const names = new Map<string, string>();
  const nameOf = (from: string): string => {
    const known = names.get(from) ?? free(`$ckm${names.size}`);
    names.set(from, known);
    return known;
  };
  const lines = (write: (name: string, from: string) => string): string =>
    [...names].map(([from, name]) => write(name, quote(from))).join(' ');
  return {
    reach: (of) => (of.kind === 'local' ? of.name : `${nameOf(of.from)}${member(of.name)}`),
    texts: () =>
      names.size === 0
        ? {}
        : {
            imports: lines((name, from) => `import * as ${name} from ${from};`),
            importsCjs: lines((name, from) => `const ${name} = require(${from});`),
          },
  };
}
