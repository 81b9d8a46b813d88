// Another version of cachekit, or one with another byte: nothing that was planned before counts any more, neither on disk
// nor, where a process could have both, in memory. In a process of its own: a mocked module stays for the files after it.
import { readdirSync } from 'node:fs';
import ts from 'typescript';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hookWithEntry } from '../../transformer/host/program/hook-with-entry.ts';
import { openProject } from '../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const own = vi.hoisted(() => ({ fingerprint: 'this version' }));
vi.mock('../../transformer/host/plans/own-fingerprint.ts', () => ({ ownFingerprint: () => own.fingerprint }));

const load = '/** @cache */\nexport async function load(id: number): Promise<number> {\n  return id;\n}\n';

let project: SmallProject;
beforeEach(() => {
  own.fingerprint = 'this version';
  project = smallProject({ 'load.ts': load }, {}, { planCache: 'plans' });
});
afterEach(() => project.remove());

/** Plans that were written, each in the folder of who wrote it. */
const plans = () =>
  readdirSync(project.file('plans'), { recursive: true, withFileTypes: true }).filter(
    (one) => one.isFile() && !['inputs', 'facts'].includes(one.name),
  ).length;

let before: ts.Program | undefined;
/** As ts-patch, in one process or, with `isWatching`, in a round of a watch mode. */
function compile(isWatching: boolean): void {
  const config = project.file('tsconfig.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  if (parsed === undefined) throw new Error('no tsconfig');
  const { fileNames, options } = parsed;
  const oldProgram = isWatching ? before : undefined;
  const program = ts.createProgram({ rootNames: fileNames, options, ...(oldProgram && { oldProgram }) });
  before = program;
  const [entry = {}] = options['plugins'] as object[]; // as the helper wrote it
  hookWithEntry(ts, program, entry, { warn: () => {} });
}

it.each([
  ['ts-patch and cachekit build, one after the other', () => compile(false)],
  ['ts-patch and cachekit build, watching', () => compile(true)],
  ['bundlers', () => void openProject({ cwd: project.path }).compile('load.ts')],
])('another version of cachekit plans everything again: %s', (_name, run) => {
  run();
  expect(plans()).toBe(1);
  run();
  expect(plans()).toBe(1);
  own.fingerprint = 'another version';
  run();
  expect(plans()).toBe(2);
});
