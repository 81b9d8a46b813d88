// Plans of programs on disk: what is not whole, or of another world, is not there.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptPlan } from '../../../../transformer/host/plans/plan-memory.ts';
import { openProgramStore } from '../../../../transformer/host/plans/program-store.ts';

const run = promisify(execFile);

const plan: KeptPlan = {
  emission: { texts: undefined, plans: [], diagnostics: [], dependencies: ['/b.ts'] },
  meaning: 'm',
  inputs: [['/b.ts', 'b']],
  subclasses: undefined,
  all: 'a',
};
const facts = { asked: 'load', byFile: new Map([['/a.ts', { meaning: 'm', facts: undefined }]]) };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'programs-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (world = 'w', config = '/tsconfig.json') => openProgramStore(folder, config, world);
const filesIn = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));

const plans = new Map([['/a.ts', plan]]);

describe('plans of programs', () => {
  it('are read as they were written, by whoever asks for the same', () => {
    open().write(plans, facts);
    expect(open().plan('/a.ts')).toEqual(plan);
    expect(open().facts()).toEqual(facts);
    for (const other of [open('x'), open('w', '/other.json')]) {
      expect(other.plan('/a.ts')).toBeUndefined();
      expect(other.facts()).toBeUndefined();
    }
    expect(open().plan('/b.ts')).toBeUndefined();
  });

  it('are one file for each program that has something new', () => {
    open().write(new Map([...plans, ['/b.ts', plan], ['/c.ts', plan]]), facts);
    expect(filesIn()).toHaveLength(1);
    open().write(new Map(), undefined);
    expect(filesIn()).toHaveLength(1);
    open().write(plans, undefined);
    expect(filesIn()).toHaveLength(2);
  });

  it('stay when others are written, and the last of a file counts', () => {
    const numbered = (n: number): KeptPlan => ({ ...plan, meaning: `m${n}` });
    for (let n = 0; n < 30; n++) {
      open().write(new Map([[`/${n % 7}.ts`, numbered(n)]]), n === 3 ? facts : undefined);
      expect(filesIn().length).toBeLessThanOrEqual(8);
      for (let file = 0; file <= Math.min(n, 6); file++) {
        const newest = n - ((n - file) % 7);
        expect(open().plan(`/${file}.ts`)).toEqual(numbered(newest));
      }
      expect(open().facts()).toEqual(n < 3 ? undefined : facts);
    }
  });

  it.each([
    ['shortened', (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      'changed in one byte',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) === 7 ? 8 : 7])]),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('are not there when their file is %s, and others are', (_what, damage) => {
    open().write(plans, facts);
    for (const file of filesIn()) writeFileSync(file, damage(readFileSync(file)));
    expect(open().plan('/a.ts')).toBeUndefined();
    expect(open().facts()).toBeUndefined();
    open().write(plans, undefined);
    expect(open().plan('/a.ts')).toEqual(plan);
    // Also where all files become one.
    for (let n = 0; n < 10; n++) open().write(new Map([[`/${n}.ts`, plan]]), undefined);
    expect(open().plan('/a.ts')).toEqual(plan);
    expect(open().facts()).toBeUndefined();
  });

  it('do not disappear when other processes write at the same time', async () => {
    const url = new URL('../../../../transformer/host/plans/program-store.ts', import.meta.url).href;
    const writing = ['a', 'b', 'c'].map(async (name) => {
      const code = `const { openProgramStore } = await import(${JSON.stringify(url)});
        for (let n = 0; n < 40; n++)
          openProgramStore(${JSON.stringify(folder)}, '/tsconfig.json', 'w')
            .write(new Map([['/${name}' + (n % 5) + '.ts', { meaning: '${name}' + n }]]), undefined);`;
      await run(process.execPath, ['--conditions=@cachekit/source', '--input-type=module', '-e', code]);
    });
    await Promise.all(writing);
    const store = open();
    // Of two that were written at once any may count; none goes.
    const found = ['a', 'b', 'c'].flatMap((name) =>
      [0, 1, 2, 3, 4].flatMap((n) => store.plan(`/${name}${n}.ts`)?.meaning ?? []),
    );
    expect(found).toHaveLength(15);
    for (const meaning of found) expect(meaning).toMatch(/^[abc]\d+$/);
    expect(filesIn().length).toBeLessThanOrEqual(10);
    store.write(plans, facts);
    expect(open().plan('/a.ts')).toEqual(plan);
  });

  it('are given up with the oldest sets of options', () => {
    for (let i = 0; i < 12; i++) open(`w${i}`).write(plans, undefined);
    expect(filesIn().length).toBeLessThanOrEqual(8);
    expect(open('w11').plan('/a.ts')).toEqual(plan);
  });

  it('cannot fail a build', () => {
    writeFileSync(join(folder, 'file'), '');
    const store = openProgramStore(join(folder, 'file'), '/tsconfig.json', 'w');
    store.write(plans, facts);
    expect(store.plan('/a.ts')).toBeUndefined();
  });
});
