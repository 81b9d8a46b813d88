// Imports that emitted code needs for class codecs. They stand at the end of the file: the user's own imports run first.
import type { ClassReach } from '../2-shape/type-shape.ts';
import { member, quote } from './literal.ts';

export interface ClassModules {
  /** Expression that gives the class or ClassCodec; a module it needs is then imported. */
  readonly reach: (of: ClassReach) => string;
  /** One line for ES modules, one for CommonJS; none when nothing is needed. */
  texts(): { readonly imports?: string; readonly importsCjs?: string };
}

/** `free` gives names that the file does not have. */
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
