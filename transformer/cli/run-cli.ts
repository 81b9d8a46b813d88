// The command line of `cachekit`: parses arguments, runs the command, chooses the exit code.
import { parseArgs } from 'node:util';
import { didYouMean } from '../diagnostics/entry.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { transformerVersion } from '../host/version.ts';
import { build } from './build.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { COMMANDS, FLAGS, type Command, type Ended } from './commands.ts';

const HELP = [
  'cachekit <command> [options]',
  '',
  ...Object.values(COMMANDS).flatMap(({ help }) => help.map((line) => `  ${line}`)),
  "  build                    compiles like tsc, with caching: -b --watch --noEmit and tsc's options",
  '  dev -- COMMAND           runs a program with a page of live figures about its cached functions',
  '',
  '  -p, --project FILE       the tsconfig; default: the nearest one',
  '  --json                   one JSON object (all but build and dev)',
  '  --help, --version',
  '',
  'Exit codes: 0 fine, 1 something found, 2 wrong use, 3 a bug of cachekit.',
].join('\n');

/** @returns the exit code, a promise of it for asynchronous commands, or undefined to keep running (watch). */
export function runCli(args: readonly string[], context: CliContext): Ended {
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
    const ended = dispatch(command, rest, context);
    return ended instanceof Promise ? ended.catch((error: unknown) => failed(error, context)) : ended;
  } catch (error) {
    return failed(error, context);
  }
}

function failed(error: unknown, context: CliContext): number {
  if (error instanceof UsageError) {
    context.error(`${error.message}\nRun cachekit --help.`);
    return EXIT.wrongUse;
  }
  context.error(`cachekit: ${error instanceof Error ? error.message : String(error)}`);
  // Errors thrown by the language itself are bugs of this program.
  const isOurs = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  return isOurs && !('code' in (error as Error)) ? EXIT.ourBug : EXIT.found; // Node's own errors have a code
}

/** `build` takes the options of tsc, and `dev` the command line of another program. */
function dispatch(command: string, rest: readonly string[], context: CliContext): Ended {
  if (command === 'build') return build(rest, context);
  return command === 'dev' ? runDev(rest, context) : runCommand(command, rest, context);
}

async function runDev(args: readonly string[], context: CliContext): Promise<number> {
  const end = args.indexOf('--');
  const { values, positionals } = parse(end === -1 ? args : args.slice(0, end));
  for (const flag of Object.keys(values))
    if (flag !== 'project') throw new UsageError(`'dev' has no option --${flag}.`);
  if (positionals.length > 0) throw new UsageError(`dev: write -- before '${positionals[0]}'.`);
  const { dev } = await import('./dev.ts');
  return dev({ tsconfig: values.project, command: end === -1 ? [] : args.slice(end + 1) }, context);
}

function isHelp(command: string, rest: readonly string[]): boolean {
  if (command !== 'build' && command !== 'dev' && !Object.hasOwn(COMMANDS, command)) return false;
  const end = rest.indexOf('--');
  return (end === -1 ? rest : rest.slice(0, end)).includes('--help');
}

function runCommand(name: string, args: readonly string[], context: CliContext): Ended {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = suggest(name, [...Object.keys(COMMANDS), 'build', 'dev']);
    throw new UsageError(`There is no command '${name}'.${didYouMean(near)}`);
  }
  const { values, positionals } = parse(args);
  for (const flag of Object.keys(values))
    if (flag !== 'project' && flag !== 'json' && !(command.flags as readonly string[]).includes(flag))
      throw new UsageError(`'${name}' has no option --${flag}.`);
  return command.run(values, argumentOf(name, command, positionals), context);
}

function argumentOf(name: string, { argument }: Command, positionals: readonly string[]): string {
  if (argument === undefined && positionals.length > 0)
    throw new UsageError(`'${name}' takes no '${positionals[0]}'.`);
  if (argument !== undefined && positionals.length !== 1)
    throw new UsageError(`${name} needs one argument: ${argument}.`);
  return positionals[0] ?? '';
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    // Node's hint about positional arguments that begin with a dash does not apply here.
    throw new UsageError(
      (error instanceof Error ? error.message : String(error)).replace(/\.? To specify .*$/s, '.'),
    );
  }
}
