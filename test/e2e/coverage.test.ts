// Coverage under Vitest counts the lines of the user as he wrote them, in a function that is cached as in one that is not.
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { childEnv } from '../helpers/child-env.ts';
import { smallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const sizes = `/** @cache */
export async function cachedSize(id: number): Promise<string> {
  if (id > 9) {
    return 'large';
  }
  return 'small';
}

export async function plainSize(id: number): Promise<string> {
  if (id > 9) {
    return 'large';
  }
  return 'small';
}
`;
const test = `import { expect, test } from 'vitest';
import { cachedSize, plainSize } from './sizes.ts';
test('is large', async () => {
  expect([await cachedSize(10), await cachedSize(10), await plainSize(10)]).toEqual(['large', 'large', 'large']);
});
`;
const config = `import cachekit from '@cachekit/plugins/vite';
const conditions = ['@cachekit/source', 'node', 'import', 'default'];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  plugins: [cachekit()],
  test: { coverage: { enabled: true, provider: 'v8', reporter: ['json'], include: ['sizes.ts'] } },
};
`;

/** Istanbul's format. */
interface Coverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

it('says of each line whether it ran', { timeout: 300_000 }, async () => {
  const files = { 'sizes.ts': sizes, 'sizes.test.ts': test, 'vitest.config.ts': config };
  const project = smallProject(files, { allowImportingTsExtensions: true, noEmit: true });
  onTestFinished(() => project.remove());
  symlinkSync(modules, project.file('node_modules'), 'dir');
  const args = ['--conditions=@cachekit/source', join(modules, 'vitest/vitest.mjs'), 'run'];
  args.push('--testTimeout=60000');
  await promisify(execFile)(process.execPath, args, { cwd: project.path, env: childEnv });
  const report = JSON.parse(readFileSync(project.file('coverage/coverage-final.json'), 'utf8')) as Record<
    string,
    Coverage
  >; // what the reporter writes
  const { statementMap, s } = report[project.file('sizes.ts')]!; // the one file that is included
  const counts = Object.entries(statementMap).map(([id, { start }]) => [start.line, s[id]]);
  expect(Object.fromEntries(counts)).toEqual({
    // The second call of the cached function was a hit; line 2 holds what is inserted before its body.
    2: 1,
    3: 1,
    4: 1,
    6: 0,
    10: 1,
    11: 1,
    13: 0,
  });
});
