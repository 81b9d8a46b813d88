// CK14xx: problems of the build itself: program, options, bugs of the compiler.
import { didYouMean, entry } from '../entry.ts';

const WHY_UNCHECKED = {
  javascript: 'Nobody checks the types of this JavaScript file, so what they say of a result need not be so.',
  comment: 'This file has @ts-nocheck, so what its types say of a result need not be so.',
  component: 'The script of a component is in no program of TypeScript, so its types are not known.',
} as const;

const HOW_CHECKED = {
  javascript: 'Set "checkJs": true in the tsconfig, or write // @ts-check on the first line of the file.',
  comment: 'Remove @ts-nocheck, and silence single lines with // @ts-expect-error.',
  component: 'Move the function to a .ts file and import it.',
} as const;

export const buildCodes = {
  /** No reliable types: the file is not part of the program, or is not type-checked. */
  CK1401: entry<
    | { file: string; config: string; unchecked?: undefined }
    | { unchecked: 'javascript' | 'comment' | 'component' }
  >({
    severity: 'error',
    title: 'no-checker',
    message: (a) =>
      a.unchecked === undefined
        ? `${a.file} is not in the program of ${a.config}.`
        : WHY_UNCHECKED[a.unchecked],
    help: (a) =>
      a.unchecked === undefined
        ? 'Add the file to `include` of that tsconfig, or name the tsconfig that contains it.'
        : HOW_CHECKED[a.unchecked],
  }),
  /** The host brought a version of TypeScript that the compiler cannot use. */
  CK1402: entry<{ found: string }>({
    severity: 'error',
    title: 'ts-version',
    message: (a) =>
      `The compiler of cachekit runs in TypeScript 6, and this is ${a.found}; nothing is cached.`,
    help: () =>
      'Compile with a bundler plugin or `npx cachekit build`, which bring their own, or install typescript@~6.0.3 for ts-patch.',
  }),
  /** The installed runtime and the compiler have different versions. */
  CK1403: entry<{ own: string; needed: string; found: string }>({
    severity: 'error',
    title: 'runtime-mismatch',
    message: (a) => `@cachekit/transformer ${a.own} needs cachekit ${a.needed}, found ${a.found}.`,
    help: () => 'Install both in the same version.',
  }),
  /** The bundle is for browsers. */
  CK1404: entry<{ name: string }>({
    severity: 'error',
    title: 'client-bundle',
    message: (a) => `Cached function ${a.name} reaches a browser bundle; cachekit runs on servers.`,
    help: () => 'Move it to a module that only the server imports, or build this bundle without the plugin.',
  }),
  /** Without strictNullChecks a type does not say whether a value can be null or undefined. */
  CK1405: entry<object>({
    severity: 'error',
    title: 'not-strict',
    message: () => 'strictNullChecks is off; nullable results cannot be seen.',
    help: () => 'Set "strict": true or "strictNullChecks": true in the tsconfig.',
  }),
  /** The output of a build contains a marked function that was not compiled. */
  CK1406: entry<{ name: string }>({
    severity: 'error',
    title: 'untransformed',
    message: (a) => `Marked '${a.name}' is in the output without its cache: the build did not compile it.`,
    help: () =>
      'Compile the file with cachekit: `cachekit build` or `tspc` in place of `tsc`, or the plugin in every part of the build, before plugins that strip types. `npx cachekit doctor` looks at the configuration.',
  }),
  /** A bug of the compiler. The function stays as written. */
  CK1407: entry<{ stage: string; error: string }>({
    severity: 'error',
    title: 'internal',
    message: (a) => `cachekit bug in stage '${a.stage}': ${a.error}.`,
    help: () => 'Please report it with the function; remove the marker to build meanwhile.',
  }),
  /** The tsconfig entry has an option that is unknown or ill-typed. */
  CK1408: entry<{ option: string; suggestion?: string | undefined; expected?: string | undefined }>({
    severity: 'error',
    title: 'bad-options',
    message: (a) =>
      a.expected === undefined
        ? `Unknown option '${a.option}' in the tsconfig entry.${didYouMean(a.suggestion)}`
        : `Option '${a.option}' in the tsconfig entry expects ${a.expected}.`,
    help: (a) =>
      a.suggestion === undefined ? 'Correct or remove it.' : `Rename it to '${a.suggestion}', or remove it.`,
  }),
  /** The host compiles each file by itself, so the types it imports are unknown. */
  CK1410: entry<{ file: string }>({
    severity: 'error',
    title: 'file-by-file',
    message: (a) => `${a.file} is compiled by itself, without the types it imports; nothing is cached.`,
    help: () => 'Switch off `isolatedModules`, `transpilation` or `transpileOnly` of the host that does it.',
  }),
};
