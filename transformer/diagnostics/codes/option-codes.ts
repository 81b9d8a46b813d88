// Templates and conditions of a comment (CK10xx), options that do not fit the function (CK1101), security of tags,
// tenants and keys (CK13xx), and configure() (CK1306, CK1409).
import { didYouMean, entry } from '../entry.ts';

export const optionCodes = {
  /** A template with a syntax error. `problem`: "Empty path after '$'". */
  CK1010: entry<{ problem: string; template: string }>({
    severity: 'error',
    title: 'bad-template',
    message: (a) => `${a.problem} in the template '${a.template}'.`,
    help: () => 'Write text and paths such as report:$id or org:$opts.org??none.',
  }),
  /** A path in a template that leads to an object or a list. */
  CK1012: entry<{ path: string; type: string; suggestion?: string | undefined }>({
    severity: 'error',
    title: 'non-scalar-template',
    message: (a) =>
      `'${a.path}' is ${a.type}; templates need string, number, bigint, boolean or enum.${didYouMean(a.suggestion)}`,
    help: (a) => `Name a property of it${a.suggestion === undefined ? '' : `, such as ${a.suggestion}`}.`,
  }),
  /** A path in a template that can be null or undefined. */
  CK1013: entry<{ path: string; type: string }>({
    severity: 'error',
    title: 'nullable-template',
    message: (a) => `'${a.path}' can be null or undefined: it is ${a.type}.`,
    help: (a) => `Say what stands for it: ${a.path}??none.`,
  }),
  /** A condition with more in it than paths, literals and operators. */
  CK1019: entry<{ option: string; found: string; instead?: string | undefined }>({
    severity: 'error',
    title: 'bad-expression',
    message: (a) =>
      `'${a.option}' allows paths, literals, ! && || ?? == != and parentheses; found ${a.found}.`,
    help: (a) =>
      a.instead === undefined ? `Use a function: cached(fn, { ${a.option}: … }).` : `Write ${a.instead}.`,
  }),
  /**
   * A synchronous function with an option that needs an asynchronous one; or, with `use`, a call that is not awaited.
   */
  CK1101: entry<{ name: string } & ({ option: string; use?: never } | { use: string })>({
    severity: 'error',
    title: 'sync-needs-async',
    message: (a) =>
      a.use === undefined
        ? `'${a.name}' is synchronous; option '${a.option}' needs an asynchronous tier.`
        : `'${a.use}' uses at once what '${a.name}' gives, but cached it gives a promise always.`,
    help: (a) =>
      a.use === undefined
        ? 'Make the function async, or drop the option.'
        : 'Await the call, or make the function give values only.',
  }),
  /** `Pii<T>` or `Secret<T>` in a tag, or `Secret<T>` in the key. */
  CK1302: entry<{ template?: string; path: string; type: string }>({
    severity: 'error',
    title: 'pii-in-key',
    message: (a) =>
      a.template === undefined
        ? `${a.path} (${a.type}) is a credential and would be in the key.`
        : `Tag '${a.template}' stores ${a.path} (${a.type}) in clear.`,
    help: (a) =>
      a.template === undefined
        ? 'Leave it out with ignore=, or name with key= what identifies the call, such as the id of its owner.'
        : 'Use an id that is not personal.',
  }),
  /** `multiTenant` is on, and a secure function does not name its tenant. */
  CK1303: entry<{ name: string }>({
    severity: 'error',
    title: 'no-tenant',
    message: (a) => `multiTenant is on; secure '${a.name}' names no tenant.`,
    help: () => 'Write tenant=$orgId, with the parameter that says whose data it is.',
  }),
  /** `multiTenant` is on, and a secure function has `interop`, whose format knows only one tenant. */
  CK1304: entry<{ name: string }>({
    severity: 'error',
    title: 'interop-secure',
    message: (a) =>
      `multiTenant is on; secure '${a.name}' has interop, where all data is encrypted for one tenant.`,
    help: () =>
      'Remove interop and write tenant=$orgId, or keep the function in a project with a single tenant.',
  }),
  /** The master key as text in the source. */
  CK1306: entry<object>({
    severity: 'error',
    title: 'literal-secret',
    hidesSource: true,
    message: () => 'Master key literal in source.',
    help: () => 'Leave it out and set CACHEKIT_MASTER_KEY_FILE, or read it from a secret store.',
  }),
  /** `configure()` in a project with `library: true`. */
  CK1409: entry<object>({
    severity: 'error',
    title: 'configure-in-library',
    message: () => 'A library must not call configure().',
    help: () => 'Leave it to the application that uses the library.',
  }),
};
