// docs/api.md lists every name each entry exports, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ENTRIES: Readonly<Record<string, string>> = {
  cachekit: 'runtime/index.ts',
  'cachekit/redis': 'runtime/adapters/redis/index.ts',
  'cachekit/interop': 'runtime/interop/index.ts',
  'cachekit/arrow': 'runtime/adapters/arrow/index.ts',
  'cachekit/dev': 'runtime/adapters/dev/index.ts',
  'cachekit/testing': 'runtime/testing/index.ts',
  '@cachekit/transformer': 'transformer/index.ts',
  '@cachekit/transformer/bundler': 'transformer/bundler.ts',
};

/** The first column of the table under `## \`entry\``. */
function documentedNames(entry: string): string[] {
  const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`\`${entry}\``)) ?? '';
  const rows = [...section.matchAll(/^\| ((?:`[\w.]+`(?:, )?)+) \|/gm)];
  return rows.flatMap((row) => [...row[1]!.matchAll(/`([\w.]+)`/g)].map((name) => name[1]!)).sort();
}

/** One program for all entries. */
const program = ts.createProgram(
  Object.values(ENTRIES).map((file) => join(root, file)),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  },
);

function exportedNames(file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, file))!; // a root of the program
  const symbol = checker.getSymbolAtLocation(source);
  return symbol === undefined
    ? []
    : checker
        .getExportsOfModule(symbol)
        .map((found) => found.name)
        .sort();
}

test('every exported name is documented, and every documented name exported', (context) => {
  let count = 0;
  for (const [entry, file] of Object.entries(ENTRIES)) {
    const exported = exportedNames(file);
    expect({ entry, names: documentedNames(entry) }).toEqual({ entry, names: exported });
    count += exported.length;
  }
  measured(context, `${count} names in ${Object.keys(ENTRIES).length} entries`);
}, 60_000);
