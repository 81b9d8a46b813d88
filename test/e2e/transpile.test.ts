// CK1410: hosts that compile file by file, with the TypeScript of ts-patch, know no types. That is an error, never a silent
// uncached build: ts-jest and ts-loader do so under `isolatedModules` and `transpileOnly`.
import { symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, expect, it } from 'vitest';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const patched = createRequire(import.meta.url)('ts-patch/compiler') as typeof ts; // TypeScript, as its documentation says

const entries = [{ transform: '@cachekit/transformer', transformProgram: true }];

let project: SmallProject;
afterEach(() => project.remove());

function transpile(text: string): ts.TranspileOutput {
  project = smallProject({});
  symlinkSync(modules, project.file('node_modules'), 'dir');
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    plugins: entries as unknown as string[], // an option that TypeScript's own types leave out
    configFilePath: project.file('tsconfig.json'),
  } as unknown as ts.CompilerOptions; // `plugins` is what the language service of an editor takes, so it has no public type
  const fileName = project.file('load.ts');
  return patched.transpileModule(text, { fileName, reportDiagnostics: true, compilerOptions });
}

it('fails at the marker, though nobody asks about types', () => {
  const { diagnostics, outputText } = transpile(
    '/** @cache ttl=5m */\nexport async function load(id: number): Promise<number> {\n  return id;\n}\n',
  );
  expect(diagnostics?.map(({ code, start }) => [code, start])).toEqual([[991410, 4]]);
  expect(outputText).not.toContain('cachekit');
});

it('says nothing about files without a marker', () => {
  expect(transpile('export const one: number = 1;').diagnostics).toEqual([]);
});
