// Watch modes: a changed type or function in another file, also one two files away, gives fresh code or fresh errors, and the errors
// go when the type is repaired.
import { symlinkSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundlers } from '../helpers/bundlers.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';
import { watchers, type Round, type StartWatcher } from '../helpers/watchers.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const main = "export { load } from './load.ts';\n";
const load = `import { rate } from './rate.ts';
import type { Item } from './types.ts';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id: rate(id) } as Item;
}
`;
const rate = (by: number) => `export const rate = (id: number): number => id * ${by};\n`;
const types = (field: string) => `import type { Deep } from './deep.ts';
export interface Item { id: number; deep?: Deep; ${field} }
`;
const deep = (field: string) => `export interface Deep { n: number; ${field} }\n`;

interface Session {
  readonly first: Round;
  /** Changes a file and waits for the build that shows it. */
  edit(name: string, text: string, isSeen: (round: Round) => boolean): Promise<Round>;
  stop(): Promise<unknown>;
}

/** Events can come before a watcher listens: a file whose change shows no effect is touched again until it does. */
const TOUCH_EVERY_MS = 1500;
/** Ends a test that waits in vain. */
const WITHIN_MS = 120_000;

async function open(project: SmallProject, start: StartWatcher): Promise<Session> {
  let listener: (round: Round) => void = () => {};
  const seen = (isSeen: (round: Round) => boolean): Promise<Round> =>
    new Promise((resolve, reject) => {
      let last: Round | undefined;
      const limit = setTimeout(
        () => reject(new Error(`no such build, but ${JSON.stringify(last)}`)),
        WITHIN_MS,
      );
      listener = (round) => {
        last = round;
        if (!isSeen(round)) return;
        clearTimeout(limit);
        resolve(round);
      };
    });
  const first = seen(() => true);
  const watcher = await start(project, (round) => listener(round));
  return {
    first: await first,
    async edit(name, text, isSeen) {
      const round = seen(isSeen);
      project.write(name, text);
      const timer = setInterval(() => {
        const now = new Date();
        utimesSync(project.file(name), now, now);
      }, TOUCH_EVERY_MS);
      return round.finally(() => clearInterval(timer));
    },
    stop: async () => watcher.stop(),
  };
}

const says =
  (text: string) =>
  ({ errors }: Round): boolean =>
    errors.includes(text);
const has =
  (text: string) =>
  ({ code, errors }: Round): boolean =>
    errors === '' && code.includes(text);

/** The code fingerprint of the function. */
const fingerprint = (code: string) => /code: "(\w{16})"/.exec(code)?.[1];
const isOther =
  (before: string) =>
  ({ code, errors }: Round): boolean =>
    errors === '' && fingerprint(code) !== undefined && fingerprint(code) !== fingerprint(before);

const files = {
  'main.ts': main,
  'load.ts': load,
  'types.ts': types(''),
  'deep.ts': deep(''),
  'rate.ts': rate(1),
};

it.concurrent.each(Object.entries(watchers))('%s follows types and code', async (_name, start) => {
  const project = smallProject(files, { allowImportingTsExtensions: true, noEmit: true });
  symlinkSync(modules, project.file('node_modules'), 'dir');
  const session = await open(project, start);
  try {
    expect(session.first).toMatchObject({ code: expect.stringContaining('small/load#load'), errors: '' });
    await session.edit('types.ts', types('label: string'), has('label'));
    const { code } = await session.edit('deep.ts', deep('far: string'), has('far'));
    // What the module itself imports: with it some hosts look at addresses only.
    await session.edit('rate.ts', rate(2), isOther(code));
    await session.edit('deep.ts', deep('call: () => void'), says('CK1106'));
    await session.edit('load.ts', load.replace('@cache', '@cache ttl=5m'), says('CK1106'));
    await session.edit('deep.ts', deep('near: string'), has('near'));
    await session.edit('load.ts', load.replace('@cache', '@cache tll=5m'), says('CK1002'));
    await session.edit('load.ts', load.replace('@cache', '@cache namespace=shop'), has('"shop"'));
    const config = project.read('tsconfig.json');
    await session.edit(
      'tsconfig.json',
      config.replace('"transform":', '"profile":"x","transform":'),
      says('CK1408'),
    );
    const last = await session.edit('tsconfig.json', config, has('"shop"'));
    expect(last.code).toContain('near');
  } finally {
    await session.stop();
    project.remove();
  }
});

it.concurrent.each(Object.entries(watchers))(
  '%s goes on after a first build with errors',
  async (_name, start) => {
    const wrong = { ...files, 'deep.ts': deep('call: () => void') };
    const project = smallProject(wrong, { allowImportingTsExtensions: true, noEmit: true });
    symlinkSync(modules, project.file('node_modules'), 'dir');
    const session = await open(project, start);
    try {
      expect(session.first.errors).toContain('CK1106');
      await session.edit('deep.ts', deep('near: string'), has('near'));
    } finally {
      await session.stop();
      project.remove();
    }
  },
);

it('webpack, from its cache on disk, follows types', async () => {
  const project = smallProject(files, { allowImportingTsExtensions: true, noEmit: true });
  try {
    const build = () => bundlers['webpack']?.({ folder: project.path, entry: 'main.ts', cacheOnDisk: true });
    expect((await build())?.code).toContain('small/load#load');
    project.write('deep.ts', deep('call: () => void'));
    expect((await build())?.errors[0]?.text).toContain('CK1106');
    expect((await build())?.errors[0]?.text).toContain('CK1106');
    project.write('deep.ts', deep('near: string'));
    expect((await build())?.code).toContain('near');
  } finally {
    project.remove();
  }
});
