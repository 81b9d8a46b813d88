// A project that loads the compiler when it has to: it answers as one that has it from the start.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBundlerProject } from '../../../../transformer/host/project/bundler-project.ts';
import { openProject } from '../../../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../../../helpers/small-project.ts';

const textOf = (name: string, type = 'number'): string =>
  `/** @cache */\nexport async function ${name}(id: number): Promise<{ id: ${type} }> {\n  return { id } as never;\n}\n`;
const FILES = { 'a.ts': textOf('a'), 'b.ts': textOf('b'), 'plain.ts': 'export const cached = 1;\n' };

let project: SmallProject;
beforeEach(() => {
  project = smallProject(FILES);
  project.write('node_modules/.keep', '');
});
afterEach(() => project.remove());

const options = () => ({ cwd: project.path });
const codeNow = (file: string) => openProject(options()).compile(file, project.read(file)).code;

it.each(['nothing', 'one file', 'everything'])('answers the same with %s on disk', async (kept) => {
  const whole = openProject(options());
  if (kept !== 'nothing') whole.compile('a.ts');
  if (kept === 'everything') whole.compile('b.ts');
  const opened = openBundlerProject(options());
  const files = ['plain.ts', 'a.ts', 'b.ts'];
  const compiled = await Promise.all(files.map((file) => opened.compile(file, project.read(file))));
  expect(compiled.map(({ code }) => code)).toEqual(files.map(codeNow));
  expect(compiled[0]?.code).toBeUndefined();
  expect(compiled[2]?.code).toContain('.site({');
});

it('sees edits before and after the compiler is loaded', async () => {
  openProject(options()).compile('a.ts');
  const opened = openBundlerProject(options());
  const edits = ['number', 'string', 'boolean', 'number'];
  for (const type of edits) {
    project.write('a.ts', textOf('a', type));
    opened.update('a.ts');
    const { code } = await opened.compile('a.ts', project.read('a.ts'));
    expect(code).toBe(codeNow('a.ts'));
    expect(code).toContain(`typeof v?.id === "${type}"`);
  }
});

it('finds one identity in two files, also where one of them comes from disk', async () => {
  const named = (name: string) => textOf(name).replace('@cache', '@cache name=same');
  project.write('a.ts', named('a'));
  openProject(options()).compile('a.ts');
  project.write('b.ts', named('b'));
  const opened = openBundlerProject(options());
  const found = [];
  for (const file of ['a.ts', 'b.ts']) found.push(await opened.compile(file, project.read(file)));
  const codes = found.map(({ diagnostics }) => diagnostics.map(({ code }) => code));
  expect(codes).toEqual([[], ['CK1017']]);
});
