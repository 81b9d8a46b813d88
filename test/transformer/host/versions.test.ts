// docs/guide/versions.md: which edit changes which fingerprint of which function.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openProject } from '../../../transformer/host/project/project.ts';
import { smallProject } from '../../helpers/small-project.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/guide/versions.md', import.meta.url)), 'utf8');

/** `report` reaches `scale` through `half`, in two files, a constant and a package; `other` reaches none of them. */
const MAIN = `import { half } from './half.ts';
import { round } from 'mathy';

const RATE = 2;
const FEES: number[] = [];
FEES.push(3);
interface Row { id: number; name: 'a' | 'b' }

/** @cache.production ttl=5m */
export async function report(id: number, note: string, page = 1): Promise<Row[]> {
  const sum = half(id) * RATE + page + FEES.length;
  return [{ id: round(sum), name: 'a' }];
}

/** @cache.production */
export async function other(id: number): Promise<number> {
  return beside(id);
}

function beside(id: number) {
  return id + 1;
}
`;
const HALF = `import { scale } from './scale.ts';
export const half = (n: number) => scale(n) / 2;
`;
const SCALE = 'export function scale(n: number) { return n * 10; }\n';

const project = smallProject({ 'main.ts': MAIN, 'half.ts': HALF, 'scale.ts': SCALE });
afterAll(() => project.remove());

function install(version: string): void {
  const home = join(project.path, 'node_modules/mathy');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'mathy', version, types: 'index.d.ts' }));
  writeFileSync(join(home, 'index.d.ts'), 'export declare function round(n: number): number;');
}

interface Prints {
  readonly shape: string;
  readonly code: string;
}

interface Edit {
  readonly main?: readonly [string, string];
  readonly half?: readonly [string, string];
  readonly scale?: readonly [string, string];
  readonly mathy?: string;
}

function edited(text: string, change: readonly [string, string] | undefined): string {
  if (change === undefined) return text;
  expect(text).toContain(change[0]);
  return text.replace(change[0], change[1]);
}

/** By the position of the function, as one of the edits renames it. */
function fingerprints({ main, half, scale, mathy = '1.0.0' }: Edit): readonly (Prints | undefined)[] {
  install(mathy);
  project.write('main.ts', edited(MAIN, main));
  project.write('half.ts', edited(HALF, half));
  project.write('scale.ts', edited(SCALE, scale));
  const opened = openProject({ cwd: project.path });
  const { plans, diagnostics } = opened.compile(project.file('main.ts'));
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return plans.map(({ shapeHash, codeHash }) => ({ shape: shapeHash, code: codeHash }));
}

const before = fingerprints({});

/** The row of the page, the edit, and which fingerprints of `report` change. */
const EDITS: readonly (readonly [string, Edit, string])[] = [
  ['the body of the function', { main: ['+ page', '- page'] }, 'code'],
  ['the body of a function that it calls, however far away', { scale: ['10', '11'] }, 'code'],
  ['a constant that it reads', { main: ['RATE = 2', 'RATE = 3'] }, 'code'],
  [
    "what a module puts into such a constant while it loads, `rates.set('CHF', 1)`",
    { main: ['FEES.push(3)', 'FEES.push(4)'] },
    'code',
  ],
  ['the value of a parameter that is left out', { main: ['page = 1', 'page = 2'] }, 'code'],
  [
    'the name of a variable in the body',
    {
      main: [
        'const sum = half(id) * RATE + page + FEES.length;\n  return [{ id: round(sum)',
        'const all = half(id) * RATE + page + FEES.length;\n  return [{ id: round(all)',
      ],
    },
    '',
  ],
  ['the version of a package that it uses', { mathy: '1.0.1' }, 'code'],
  [
    'a function that it does not reach',
    { half: ['export', 'export const third = (n: number) => n / 3;\nexport'] },
    '',
  ],
  [
    'comments, white space, quotes, semicolons, trailing commas',
    { main: ["{ id: round(sum), name: 'a' }]", '{\n    // rounded\n    id: round(sum), name: "a",\n  },]'] },
    '',
  ],
  [
    'an annotation in the body, `as`, `satisfies`',
    { main: ['const sum = half(id)', 'const sum: number = half(id as number satisfies number)'] },
    '',
  ],
  [
    'a property of the result added or renamed',
    { main: ['interface Row { id: number;', 'interface Row { id: number; more?: string;'] },
    'shape code',
  ],
  ['the type of a parameter', { main: ['note: string', 'note: number'] }, 'shape code'],
  [
    'the name of an interface, the order of its properties or of a union',
    {
      main: [
        "interface Row { id: number; name: 'a' | 'b' }",
        "interface Line { name: 'b' | 'a'; id: number }\ntype Row = Line;",
      ],
    },
    '',
  ],
  ['the name of a parameter that the body does not use', { main: ['note: string', 'text: string'] }, ''],
  ['`key=`, `tags=`, `tenant=`, `interop=`', { main: ['ttl=5m', 'ttl=5m tags=report:$id'] }, 'shape code'],
  ['`unless=`', { main: ['ttl=5m', 'ttl=5m unless="result.length == 0"'] }, 'code'],
  [
    '`ttl=`, `swr=`, `backend=`, the profile',
    { main: ['@cache.production ttl=5m', '@cache.minimal ttl=1h swr=5m backend=memory'] },
    '',
  ],
  ['the name of the function', { main: ['function report', 'function rows'] }, ''],
];

describe('fingerprints', () => {
  it.each(EDITS)('%s', (row, edit, expected) => {
    const [report, other] = fingerprints(edit);
    const was = before[0];
    const changed = (['shape', 'code'] as const).filter((one) => report?.[one] !== was?.[one]).join(' ');
    expect(changed).toBe(expected);
    // And of nothing that does not reach it.
    expect(other).toEqual(before[1]);
    const cell = (name: string) => (expected.includes(name) ? ' changes ' : ' ');
    expect(page).toContain(`| ${row} |${cell('shape')}|${cell('code')}|\n`);
  });

  it('each row of the page is such an edit', () => {
    const table = page.slice(page.indexOf('| edit |'), page.indexOf('\n\n', page.indexOf('| edit |')));
    expect(table.split('\n').length - 2).toBe(EDITS.length);
  });
});
