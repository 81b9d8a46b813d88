// A file that is compiled again after an edit elsewhere: what its functions do through others is looked at again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../../../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../../../../helpers/small-project.ts';

const MAIN = `import { helper } from './helper.js';
/** @cache.production */
export async function page(id: number): Promise<string> { return helper() + id; }
`;
const PLAIN = "export function helper(): string { return 'x'; }\n";
const REQUEST = `// @ts-expect-error next is not installed here
import { cookies } from 'next/headers';
export function helper(): string { return String(cookies()); }
`;

let project: SmallProject;
beforeAll(() => {
  project = smallProject({ 'main.ts': MAIN, 'helper.ts': PLAIN }, {}, { planCache: false });
});
afterAll(() => project.remove());

it('a callee that begins to read the request is seen', () => {
  const open = openProject({ cwd: project.path });
  const codes = () => open.compile('main.ts').diagnostics.map(({ code }) => code);
  expect(codes()).not.toContain('CK1305');
  open.update('helper.ts', REQUEST);
  expect(codes()).toContain('CK1305');
  open.update('helper.ts', PLAIN);
  expect(codes()).not.toContain('CK1305');
});
