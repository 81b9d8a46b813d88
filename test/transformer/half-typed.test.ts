// Text as it stands in an editor: a function that does not parse is left alone, the others are cached.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject, type Project } from '../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

let project: SmallProject;
let open: Project;
beforeAll(() => {
  project = smallProject({ 'a.ts': 'export {};' }, {}, { planCache: false });
  open = openProject({ cwd: project.path });
});
afterAll(() => project.remove());

const WHOLE = '/** @cache */\nexport async function whole(id: number): Promise<number> { return id; }\n';

it.each([
  [
    'a word too many',
    'async function half(id: number, "use server"; locale: string): Promise<string> { return locale; }',
  ],
  ['a reserved name', 'async function half(const: string): Promise<string> { return ""; }'],
  [
    'a name that is missing',
    'async function half(id: number, , day: string): Promise<string> { return day; }',
  ],
  ['an open parenthesis', 'async function half(id: number): Promise<string> { return String((id); }'],
])('%s: CK1022, not a bug of ours', (_what, half) => {
  const { diagnostics, code, plans } = open.compile('a.ts', `${WHOLE}/** @cache */\nexport ${half}\n`);
  const errors = diagnostics
    .filter((one) => one.severity === 'error')
    .map((one) => `${one.code}: ${one.message}`);
  expect(errors).toEqual(["CK1022: 'half' has a syntax error, so it cannot be cached."]);
  expect(plans.map(({ name }) => name)).toEqual(['whole']);
  expect(code).toContain(half);
});

it('a writer that does not parse is left alone as well', () => {
  const writer = 'export async function save(id: number, , day: string): Promise<void> { void id; }';
  const { diagnostics, code } = open.compile(
    'a.ts',
    `${WHOLE}/** @cacheInvalidate whole(id) */\n${writer}\n`,
  );
  expect(diagnostics.filter((one) => one.severity === 'error').map((one) => one.code)).toEqual(['CK1022']);
  expect(code).toContain(writer);
});

it.each([
  ['a semicolon', 'x = 0; ; y = 0;'],
  ['a static block', 'x = 0; static { void 0; } y = 0;'],
])('a class with %s in it is read to its end', (_what, members) => {
  const text = `class Point { ${members} }\n/** @cache */\nexport async function origin(id: number): Promise<{ id: number; at: Point }> { return { id, at: { x: 0, y: 0 } }; }\n`;
  const { diagnostics, plans } = open.compile('a.ts', text);
  expect(diagnostics.map((one) => one.code)).not.toContain('CK1407');
  expect(plans.map(({ name }) => name)).toEqual(['origin']);
});
