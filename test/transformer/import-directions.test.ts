// What may import what, where lint has no rule for it: stages look back only, the contract at itself, adapters stand apart.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Relative imports of every source file below a folder, as paths from the root. */
function importsBelow(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !/(^|\/)(dist|node_modules)\//.test(file),
    )
    .map((file) => join(folder, file));
  return files.flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8');
    const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
    return [...found].map(([, path]) => ({ from, to: relative(root, resolve(root, dirname(from), path!)) }));
  });
}

const stageOf = (path: string): number | undefined => {
  const digit = /^transformer\/([1-5])-/.exec(path)?.[1];
  return digit === undefined ? undefined : Number(digit);
};

test('a compiler stage imports no later stage', () => {
  const all = importsBelow('transformer');
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ from, to }) => (stageOf(to) ?? 0) > (stageOf(from) ?? 5))).toEqual([]);
});

test('the contract imports only itself', () => {
  expect(importsBelow('runtime/contract').filter(({ to }) => !to.startsWith('runtime/contract/'))).toEqual(
    [],
  );
});

test('of the runtime the compiler knows only the contract, and what its command line shows', () => {
  const found = importsBelow('transformer').filter(
    ({ from, to }) =>
      to.startsWith('runtime/') &&
      !to.startsWith('runtime/contract/') &&
      !from.startsWith('transformer/cli/'),
  );
  expect(found).toEqual([]);
});
