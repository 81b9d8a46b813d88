// All commands of `cachekit` with their flags and help, except `build` and `dev`, which take arguments of other
// programs.
import { check } from './check.ts';
import type { CliContext } from './cli-context.ts';
import { explainCode, isCodeName } from './explain-code.ts';
import { explain } from './explain.ts';
import { keygen } from './keygen.ts';
import { ls } from './ls.ts';
import { verify } from './verify.ts';
import { watchCheck } from './watch-check.ts';

/** The exit code of a command; undefined: it keeps running (watch). */
export type Ended = number | undefined | Promise<number | undefined>;

export const FLAGS = {
  project: { type: 'string', short: 'p' },
  json: { type: 'boolean' },
  format: { type: 'string' },
  strict: { type: 'boolean' },
  watch: { type: 'boolean' },
  stage: { type: 'string' },
  import: { type: 'string' },
  host: { type: 'string' },
  yes: { type: 'boolean' },
  backend: { type: 'string' },
  decrypt: { type: 'boolean' },
  logical: { type: 'string' },
  manifest: { type: 'string' },
} as const;

export type Flags = {
  readonly [Name in keyof typeof FLAGS]?: (typeof FLAGS)[Name]['type'] extends 'string' ? string : boolean;
};

export interface Command {
  /** Its flags besides `-p` and `--json`. */
  readonly flags: readonly (keyof typeof FLAGS)[];
  /** Name of its one argument, for messages; undefined: it takes none. */
  readonly argument?: string;
  /** Lines of `--help`. */
  readonly help: readonly string[];
  run(flags: Flags, argument: string, context: CliContext): Ended;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  check: {
    flags: ['format', 'strict', 'watch'],
    help: [
      'check                    all diagnostics; exit code 1 when there is an error',
      '  --format pretty|json|github   --strict (warnings are errors)   --watch (again after each change)',
    ],
    run: (
      { project, strict = false, json, format = json === true ? 'json' : 'pretty', watch },
      _argument,
      context,
    ) => {
      const options = { tsconfig: project, strict, format };
      return watch === true ? watchCheck(options, context) : check(options, context);
    },
  },
  explain: {
    flags: ['stage'],
    argument: 'FILE, FILE:LINE, NAME or CODE',
    help: [
      'explain FILE[:LINE]|NAME what the compiler decides about a function, why, and the code it writes',
      '  --stage scan|shape|plan|check|code',
      'explain CODE             the page of a diagnostic or an error: CK1108, ERR_CACHEKIT_CONFIG',
    ],
    run: ({ project, json = false, stage }, what, context) =>
      isCodeName(what)
        ? explainCode(what, json, context)
        : explain({ tsconfig: project, json, stage, what }, context),
  },
  ls: {
    flags: [],
    help: ['ls                       a table of all cached functions'],
    run: ({ project, json = false }, _argument, context) => ls({ tsconfig: project, json }, context),
  },
  verify: {
    flags: [],
    argument: 'folder or file of the build',
    help: ['verify DIST              is every cached function cached in what was built?'],
    run: ({ project, json = false }, dist, context) => verify({ tsconfig: project, dist, json }, context),
  },
  doctor: {
    flags: ['import'],
    help: [
      'doctor                   checks versions, plugin entry and order, backends, master key; shows the settings',
      '  --import FILE (runs it first, to see what it gives to configure())',
    ],
    run: async ({ project, json = false, import: importFile }, _argument, context) => {
      const { doctor } = await import('./doctor.ts');
      return doctor({ tsconfig: project, json, importFile }, context);
    },
  },
  init: {
    flags: ['host', 'yes'],
    help: [
      'init                     edits tsconfig and the configuration of the host; shows the changes and asks first',
      '  --host vite|esbuild|ts-patch|build|register   --yes (do not ask)',
    ],
    run: async ({ project, json = false, host, yes = false }, _argument, context) => {
      const { init } = await import('./init.ts');
      return init({ tsconfig: project, json, host, yes }, context);
    },
  },
  inspect: {
    flags: ['backend', 'decrypt', 'logical', 'manifest'],
    argument: 'KEY, FILE, or - for stdin',
    help: [
      'inspect KEY|FILE|-       what a stored entry says of itself: sizes, age, why it would be refused',
      '  --backend URL|embedded   --decrypt (also the value)   --logical JSON (for encrypted ones)',
      '  --manifest FILE (names the parts of the value; default: cachekit.manifest.json here)',
    ],
    run: async ({ json = false, backend, decrypt = false, logical, manifest }, what, context) => {
      const { inspect } = await import('./inspect.ts');
      return inspect({ what, backend, decrypt, logical, manifest, json }, context);
    },
  },
  keygen: {
    flags: [],
    help: ['keygen                   a new master key'],
    run: ({ json = false }, _argument, context) => keygen({ json }, context),
  },
};
