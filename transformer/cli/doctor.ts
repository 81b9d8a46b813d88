// `cachekit doctor`: checks the setup around the code, one line per check.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { checkHost, type Check } from './doctor-host.ts';
import { checkRuntime, type Setting } from './doctor-runtime.ts';

export interface DoctorOptions {
  readonly tsconfig: string | undefined;
  /** A module of the application that calls `configure()`. It is run first, to see the settings in effect. */
  readonly importFile: string | undefined;
  readonly json: boolean;
}

/** @returns 1 when a check fails. */
export async function doctor(options: DoctorOptions, context: CliContext): Promise<number> {
  const checks: Check[] = [...checkHost(options.tsconfig, context)];
  if (options.importFile !== undefined) await importApp(options.importFile, context);
  const runtime = await checkRuntime(context);
  checks.push(...runtime.checks);
  if (options.json) context.print(JSON.stringify({ version: 1, checks, settings: runtime.settings }));
  else {
    for (const check of checks) context.print(line(check, context.colour));
    for (const text of settingLines(runtime.settings)) context.print(text);
  }
  return checks.some((check) => check.status === 'fail') ? EXIT.found : EXIT.fine;
}

async function importApp(file: string, { cwd }: CliContext): Promise<void> {
  try {
    await import(pathToFileURL(resolve(cwd, file)).href);
  } catch (error) {
    throw new UsageError(`${file} cannot be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const COLOURS: Readonly<Record<Check['status'], string>> = { ok: '32', note: '36', fail: '31' };

function line({ status, name, detail }: Check, colour: boolean): string {
  const word = status.padEnd(4);
  const text = detail === '' ? name : `${name}: ${detail}`;
  return `${colour ? `\u001B[${COLOURS[status]}m${word}\u001B[0m` : word} ${text}`;
}

function settingLines(settings: readonly Setting[]): readonly string[] {
  if (settings.length === 0) return [];
  const width = Math.max(...settings.map(({ name }) => name.length));
  return [
    '',
    'settings',
    ...settings.map(({ name, value, source }) => `  ${name.padEnd(width)}  ${value} (${source})`),
  ];
}
