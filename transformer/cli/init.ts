// `cachekit init`: shows the edits that a host needs, asks, and makes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { chooseHost, planEdits, HOSTS, type Host } from './init-edits.ts';
import { lineDiff } from './line-diff.ts';

export interface InitOptions {
  readonly tsconfig: string | undefined;
  /** One of HOSTS. Default: guessed from the project. */
  readonly host: string | undefined;
  /** True: do not ask. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** @returns 1 when the user said no and nothing was changed. */
export async function init(options: InitOptions, context: CliContext): Promise<number> {
  const { cwd } = context;
  const host = options.host ?? chooseHost(cwd);
  if (typeof host === 'string' && !isHost(host))
    throw new UsageError(`--host is one of ${HOSTS.join(', ')}, not '${host}'.`);
  const isByHand = typeof host !== 'string';
  const name = isByHand ? host.name : host;
  const { edits, next } = await planEdits(host, cwd, options.tsconfig);
  const changed = edits.filter((edit) => edit.text !== readText(edit.file));
  const files = changed.map((edit) => relative(cwd, edit.file).replaceAll('\\', '/'));
  if (!options.json) {
    for (const edit of changed)
      context.print(
        lineDiff(readText(edit.file) ?? '', edit.text, relative(cwd, edit.file).replaceAll('\\', '/')),
      );
    if (changed.length === 0)
      context.print(`Nothing to change: ${isByHand ? 'tsconfig.json' : name} is set up.`);
  }
  const isAgreed =
    changed.length === 0 || options.yes || (await context.confirm?.('Make these changes?')) === true;
  if (isAgreed) for (const edit of changed) writeFileSync(edit.file, edit.text);
  if (options.json)
    context.print(JSON.stringify({ version: 1, host: name, changed: isAgreed ? files : [], next }));
  else {
    if (!isAgreed) context.print('Nothing was changed.');
    else for (const step of next) context.print(`next: ${step}`);
  }
  return isAgreed ? EXIT.fine : EXIT.found;
}

function isHost(text: string): text is Host {
  return (HOSTS as readonly string[]).includes(text); // widened only for the lookup
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(join(file), 'utf8');
  } catch {
    return undefined; // a new file
  }
}
