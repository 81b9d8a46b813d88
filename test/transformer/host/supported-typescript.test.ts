// CK1402: a TypeScript that the compiler cannot run in is an error at every marked file, never a silent uncached build.
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { unsupportedDiagnostic } from '../../../transformer/host/supported-typescript.ts';
import transformProgram from '../../../transformer/index.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

let project: SmallProject;
afterEach(() => project.remove());

const load =
  '/** @cache ttl=5m */\nexport async function load(id: number): Promise<number> {\n  return id;\n}\n';

describe('ts-patch with another TypeScript', () => {
  it('fails at the marker and writes the code as it is', { timeout: 60_000 }, () => {
    project = smallProject({ 'load.ts': load, 'plain.ts': 'export const cacheless = 1;\n' });
    const roots = [project.file('load.ts'), project.file('plain.ts')];
    const options = {
      outDir: project.file('out'),
      module: ts.ModuleKind.NodeNext,
      types: [],
      lib: ['lib.es5.d.ts'],
    };
    // As far as the hook goes, the API of TypeScript 5.9 is the same; only what it says of itself counts.
    const older = { ...ts, version: '5.9.3' };
    const program = transformProgram(ts.createProgram(roots, options), undefined, {}, { ts: older });
    const [found, ...others] = program.getSemanticDiagnostics();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 991402, start: 4, length: 6, category: ts.DiagnosticCategory.Error });
    expect(found?.messageText).toContain(
      'CK1402: The compiler of cachekit runs in TypeScript 6, and this is 5.9.3',
    );
    program.emit();
    expect(project.read('out/load.js')).not.toContain('cachekit');
  });
});

describe('the marker without a parser', () => {
  const at = (text: string) => {
    const found = unsupportedDiagnostic('5.9.3', 'a.ts', text)?.diagnostics[0]?.range;
    return found === undefined ? undefined : text.slice(found.start, found.end);
  };

  it('is found in comments and calls', () => {
    project = smallProject({});
    expect([
      at(load),
      at('/**\n * Text.\n * @cache.production\n */'),
      at('const a = cached.secure(load);'),
    ]).toEqual(['@cache', '@cache', 'cached']);
  });

  it('is found beside code on its line', () => {
    project = smallProject({});
    expect([
      at('class A { /** @cache */ async load() { return 1; } }'),
      at('export const load = /** @cache ttl=5m */ async () => 1;'),
    ]).toEqual(['@cache', '@cache']);
  });

  it('is found where only something is invalidated', () => {
    project = smallProject({});
    expect(at('/** @cacheInvalidate load($id) */\nexport async function save(id: number) {}')).toBe(
      '@cacheInvalidate',
    );
  });

  it('is not found in words and other tags', () => {
    project = smallProject({});
    const others = [
      '// cached values',
      '/** see @cache */',
      '/** @cacheable */',
      '/** @cache-control max-age=5 */',
    ];
    expect(others.map(at)).toEqual(others.map(() => undefined));
  });
});
