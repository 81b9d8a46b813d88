// Every ts block of the docs compiles against the sources, so that no page shows a name or an option that is not there.
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { blocksOf, pages, type PageBlock } from './page-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function compile(blocks: readonly PageBlock[]): string[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file))
    .config as object;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const virtual = new Map(blocks.map((block, i) => [join(root, `test/docs/block-${i}.ts`), block]));
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false, noUnusedParameters: false });
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const beside = new Map(
    blocks.flatMap((block) => block.beside.map(([file, code]) => [join(root, 'test/docs', file), code])),
  );
  host.fileExists = (file) => virtual.has(file) || beside.has(file) || fileExists(file);
  host.readFile = (file) => virtual.get(file)?.text ?? beside.get(file) ?? readFile(file);
  host.getSourceFile = (file, languageVersion) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram(
    [...virtual.keys()],
    { ...options, noUnusedLocals: false, noUnusedParameters: false, isolatedDeclarations: false },
    host,
  );
  return [...virtual].flatMap(([file, block]) => {
    const source = program.getSourceFile(file)!; // a root of the program
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((item) => {
      const line = block.line + source.getLineAndCharacterOfPosition(item.start ?? 0).line - 1;
      return `${relative(root, join(root, block.page))}:${line} ${ts.flattenDiagnosticMessageText(item.messageText, ' ')}`;
    });
  });
}

test('every ts block in the docs compiles', () => {
  // What imports the application of a host's page is compiled, and run, by test/e2e/host-pages.test.ts.
  const blocks = pages()
    .flatMap(blocksOf)
    .filter(({ text }) => !text.includes("from './weather.ts'"));
  expect(blocks.length).toBeGreaterThan(5);
  expect(compile(blocks)).toEqual([]);
}, 180_000);
