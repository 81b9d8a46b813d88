// The command line of `cachekit`: which command, which options.
import { parseArgs } from 'node:util';
import { transformerVersion } from '../host/version.ts';
import { build } from './build.ts';
import { check } from './check.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { explain } from './explain.ts';
import { ls } from './ls.ts';

const HELP = `cachekit <command> [options]

  check                    all diagnostics; exit code 1 when there is an error
    --format pretty|json|github   --strict (warnings are errors)
  explain FILE[:LINE]|NAME what the compiler decides about a function, why, and the code it writes
    --stage scan|shape|plan|check|code
  ls                       a table of all cached functions
  build                    compiles like tsc, with caching: -b --watch --noEmit and tsc's options

  -p, --project FILE       the tsconfig; default: the nearest one
  --json                   one JSON object (check, explain, ls)
  --help, --version

Exit codes: 0 fine, 1 something found, 2 wrong use, 3 a bug of cachekit.`;

const FLAGS = {
  project: { type: 'string', short: 'p' },
  json: { type: 'boolean' },
  format: { type: 'string' },
  strict: { type: 'boolean' },
  stage: { type: 'string' },
} as const;

/** Flags of each command beyond `-p` and `--json`. */
const OWN_FLAGS: Readonly<Record<string, readonly string[]>> = {
  check: ['format', 'strict'],
  explain: ['stage'],
  ls: [],
};

/** @returns the exit code; undefined: keep running (watch). */
export function runCli(args: readonly string[], context: CliContext): number | undefined {
  const [command, ...rest] = args;
  if (command === '--version' || command === '-v') {
    context.print(transformerVersion());
    return EXIT.fine;
  }
  if (command === undefined || ['--help', '-h', 'help'].includes(command) || isHelp(command, rest)) {
    context.print(HELP);
    return command === undefined ? EXIT.wrongUse : EXIT.fine;
  }
  try {
    return command === 'build' ? build(rest, context) : runCommand(command, rest, context);
  } catch (error) {
    if (error instanceof UsageError) context.error(`${error.message}\nRun cachekit --help.`);
    else context.error(`cachekit: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? EXIT.wrongUse : EXIT.found;
  }
}

function isHelp(command: string, rest: readonly string[]): boolean {
  return (command === 'build' || command in OWN_FLAGS) && rest.includes('--help');
}

function runCommand(command: string, args: readonly string[], context: CliContext): number {
  const own = OWN_FLAGS[command];
  if (own === undefined) throw new UsageError(`There is no command '${command}'.`);
  const { values, positionals } = parse(args);
  for (const name of Object.keys(values))
    if (name !== 'project' && name !== 'json' && !own.includes(name))
      throw new UsageError(`'${command}' has no option --${name}.`);
  const expected = command === 'explain' ? 1 : 0;
  if (positionals.length !== expected)
    throw new UsageError(
      expected === 1
        ? 'explain needs one FILE, FILE:LINE or NAME.'
        : `'${command}' takes no '${positionals[0]}'.`,
    );
  const { project: tsconfig, json = false, stage, strict = false } = values;
  if (command === 'ls') return ls({ tsconfig, json }, context);
  if (command === 'explain') return explain({ tsconfig, json, stage, what: positionals[0] ?? '' }, context);
  return check({ tsconfig, strict, format: values.format ?? (json ? 'json' : 'pretty') }, context);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
