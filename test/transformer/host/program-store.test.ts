// Plans of programs on disk: what is not whole, or of another world, is not there.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptPlan } from '../../../transformer/host/plan-memory.ts';
import { openProgramStore } from '../../../transformer/host/program-store.ts';

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

describe('plans of programs', () => {
  it('are read as they were written, by whoever asks for the same', () => {
    open().writePlan('/a.ts', plan);
    open().writeFacts(facts);
    expect(open().plan('/a.ts')).toEqual(plan);
    expect(open().facts()).toEqual(facts);
    for (const other of [open('x'), open('w', '/other.json')]) {
      expect(other.plan('/a.ts')).toBeUndefined();
      expect(other.facts()).toBeUndefined();
    }
    expect(open().plan('/b.ts')).toBeUndefined();
  });

  it.each([
    ['shortened', (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      'changed in one byte',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) === 7 ? 8 : 7])]),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('are not there when a file is %s', (_what, damage) => {
    open().writePlan('/a.ts', plan);
    open().writeFacts(facts);
    for (const file of filesIn()) writeFileSync(file, damage(readFileSync(file)));
    expect(open().plan('/a.ts')).toBeUndefined();
    expect(open().facts()).toBeUndefined();
    open().writePlan('/a.ts', plan);
    expect(open().plan('/a.ts')).toEqual(plan);
  });

  it('are given up with the oldest sets of options', () => {
    for (let i = 0; i < 12; i++) open(`w${i}`).writePlan('/a.ts', plan);
    expect(filesIn().length).toBeLessThanOrEqual(9);
    expect(open('w11').plan('/a.ts')).toEqual(plan);
  });

  it('cannot fail a build', () => {
    writeFileSync(join(folder, 'file'), '');
    const store = openProgramStore(join(folder, 'file'), '/tsconfig.json', 'w');
    store.writePlan('/a.ts', plan);
    store.writeFacts(facts);
    expect(store.plan('/a.ts')).toBeUndefined();
  });
});
