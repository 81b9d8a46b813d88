// The AST emitter beyond fixtures/emit: texts by hand, other plugins, other settings.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { FileTexts, FnText } from '../../../../transformer/5-generate/texts.ts';
import { emitAst } from '../../../../transformer/host/emit/emit-ast.ts';
import { emitText } from '../../../../transformer/host/emit/emit-text.ts';

/** Texts for the function that starts at `from`, wrapping its block body. */
function textsFor(source: string, from: string, name: string): FileTexts {
  const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.ESNext, true);
  let found: ts.FunctionLikeDeclaration | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.getText(file).startsWith(from))
      found ??= node as ts.FunctionLikeDeclaration; // it has a body
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (found?.body === undefined) throw new Error(`no function at ${from}`);
  const keyword = ts
    .getModifiers(found as ts.MethodDeclaration)
    ?.find((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  const fn: FnText = {
    fnPos: found.pos,
    fnEnd: found.end,
    asyncStart: keyword?.getStart(file) ?? -1,
    asyncEnd: keyword?.end ?? -1,
    asyncBy: '',
    block: true,
    open: found.body.getStart(file) + 1,
    close: found.body.end - 1,
    prefix: ` const ${name}$body = async (id) => {`,
    suffix: `}; return $ck0.run([id], ${name}$body); `,
  };
  return {
    headAt: 0,
    head: 'import * as $ck from "cachekit/emit/v1"; ',
    headCjs: 'const $ck = require("cachekit/emit/v1"); ',
    fns: [fn],
    calls: [],
    tail: `function $ck0_() { return $ck.site({ fn: () => ${name} }); } var $ck0 = /*#__PURE__*/ $ck0_();`,
  };
}

interface EmitSettings {
  readonly options?: ts.CompilerOptions;
  readonly isCommonJs?: boolean;
  readonly others?: readonly ts.TransformerFactory<ts.SourceFile>[];
}

function emit(
  source: string,
  texts: FileTexts,
  { options = {}, isCommonJs = false, others = [] }: EmitSettings = {},
) {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    noLib: true,
    ...options,
  };
  const host = ts.createCompilerHost(compilerOptions);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) =>
    name === 'a.ts' ? ts.createSourceFile(name, source, target) : getSourceFile(name, target);
  const program = ts.createProgram(['a.ts'], { ...compilerOptions, types: [] }, host);
  const outputs = new Map<string, string>();
  const ours = emitAst(
    ts,
    () => texts,
    () => isCommonJs,
  );
  program.emit(undefined, (name, text) => outputs.set(name, text), undefined, false, {
    before: [...others, ours],
  });
  return { js: outputs.get('a.js') ?? '', map: outputs.get('a.js.map') ?? '' };
}

const method = `export class Derived extends Base {
  #salt = 1;
  async load(id: number) {
    return [await super.load(id), this.#salt, new.target];
  }
}
`;

describe('emitAst', () => {
  it('keeps super, this and #private of a method inside the body', () => {
    const { js } = emit(method, textsFor(method, 'async load', 'load'));
    expect(js).toContain('load(id) {');
    expect(js).toContain('const load$body = async (id) => {');
    expect(js).toContain('return [await super.load(id), this.#salt, new.target];');
    expect(js).toContain('return $ck0.run([id], load$body);');
  });

  it('renames what CommonJS renames, and takes the runtime by require', () => {
    const source = 'export const load = async (id: number) => {\n  return id;\n};\n';
    const settings = { options: { module: ts.ModuleKind.CommonJS }, isCommonJs: true };
    const { js } = emit(source, textsFor(source, 'async (id', 'load'), settings);
    expect(js).toContain('const $ck = require("cachekit/emit/v1");');
    expect(js).toContain('fn: () => exports.load');
  });

  it('renames what CommonJS renames around a body', () => {
    const source = 'export const id = 1;\nexport async function load() {\n  return id;\n}\n';
    const settings = { options: { module: ts.ModuleKind.CommonJS }, isCommonJs: true };
    const { js } = emit(source, textsFor(source, 'export async', 'load'), settings);
    expect(js).toContain('return $ck0.run([exports.id], load$body);');
  });

  it('renames what a namespace renames around a body', () => {
    const source =
      'export namespace N {\n  export const id = 1;\n  export async function load() {\n    return id;\n  }\n}\n';
    const { js } = emit(source, textsFor(source, 'export async', 'load'));
    expect(js).toContain('return $ck0.run([N.id], load$body);');
  });

  it('lowers what is around a body for old targets, and only there', () => {
    const source = 'export async function load(id: number) {\n  return id;\n}\n';
    const texts = textsFor(source, 'export async', 'load');
    const { fns } = texts;
    const before = 'const $h = ($ck0 ??= $ck0_()).hit(id); if ($h !== undefined) return $h; ';
    const longer = { ...texts, fns: fns.map((fn) => ({ ...fn, prefix: ` ${before}${fn.prefix.trim()}` })) };
    expect(emit(source, longer).js).toContain(before.trim());
    const old = emit(source, longer, { options: { target: ts.ScriptTarget.ES2020 } }).js;
    expect(old).not.toContain('??=');
    expect(old).toContain('return $ck0.run([id], load$body);');
  });

  it('keeps the annotation that lets bundlers drop an unused function', () => {
    expect(emit(method, textsFor(method, 'async load', 'load')).js).toContain(
      'var $ck0 = /*#__PURE__*/ $ck0_();',
    );
  });

  it('finds the function after another transformer has rebuilt it', () => {
    const rebuild: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
      const visit = (node: ts.Node): ts.Node => {
        const next = ts.visitEachChild(node, visit, context);
        if (!ts.isMethodDeclaration(next)) return next;
        const { modifiers, asteriskToken, name, questionToken, typeParameters, parameters, type, body } =
          next;
        const args = [
          modifiers,
          asteriskToken,
          name,
          questionToken,
          typeParameters,
          parameters,
          type,
          body,
        ] as const;
        return ts.setOriginalNode(context.factory.createMethodDeclaration(...args), ts.getOriginalNode(node));
      };
      return ts.visitEachChild(file, visit, context);
    };
    expect(emit(method, textsFor(method, 'async load', 'load'), { others: [rebuild] }).js).toContain(
      '$ck0.run([id]',
    );
  });

  it('finds the function after another transformer has moved it into another function', () => {
    const source = [
      'export function outer() {',
      '  return 1;',
      '}',
      'async function load(id: number) {',
      '  return id;',
      '}',
    ].join('\n');
    const move: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
      const { factory } = context;
      const [outer, load] = file.statements;
      if (outer === undefined || load === undefined || !ts.isFunctionDeclaration(outer)) return file;
      const statements = [load, ...(outer.body?.statements ?? [])];
      const { modifiers, asteriskToken, name, typeParameters, parameters, type } = outer;
      const body = factory.updateBlock(outer.body!, statements); // written above
      return factory.updateSourceFile(file, [
        factory.updateFunctionDeclaration(outer, modifiers, asteriskToken, name, typeParameters, parameters, type, body), // prettier-ignore
      ]);
    };
    const { js } = emit(source, textsFor(source, 'async function load', 'load'), { others: [move] });
    expect(js).toContain('$ck0.run([id]');
  });

  it('refuses text that does not parse', () => {
    const texts = { ...textsFor(method, 'async load', 'load'), tail: 'function (' };
    expect(() => emit(method, texts)).toThrow('generated text does not parse: function (');
  });
});

describe('a line of the tail', () => {
  const exported = 'export const load = async (id: number) => {\n  return id;\n};\n';
  const declared = 'export async function load(id: number) {\n  return id;\n}\n';
  const TAIL = 'function $ck0_() { return $ck.site({ fn: () => load,   v: (k) => (k.a ??= [1, "two"]) }); }';
  const emitTail = (source: string, settings: EmitSettings = {}, tail = TAIL): string =>
    emit(
      source,
      { ...textsFor(source, source === exported ? 'async (id' : 'export', 'load'), tail },
      settings,
    ).js;
  const cjs = { options: { module: ts.ModuleKind.CommonJS }, isCommonJs: true };

  it('is printed as it stands where TypeScript would change nothing', () => {
    expect(emitTail(declared.replace('export', 'export default'))).toContain(TAIL);
    expect(emitTail(exported)).toContain(TAIL);
    expect(emitTail(declared, cjs)).toContain(TAIL);
    expect(emitTail(declared, {}, TAIL.replace('()', '(k)'))).toContain(TAIL.replace('()', '(k)'));
  });

  it('has the names that CommonJS gives to variables and imports', () => {
    expect(emitTail(exported, cjs)).toContain('fn: () => exports.load');
    const imported = `import { shop } from './shop.js';\n${declared}export const use = () => shop;\n`;
    expect(emitTail(imported, cjs, TAIL.replace('=> load', '=> shop.load'))).toContain(
      'fn: () => shop_js_1.shop.load',
    );
  });

  it('is rewritten for targets that do not have its syntax', () => {
    const js = emitTail(declared, { options: { target: ts.ScriptTarget.ES2020 } });
    expect(js).not.toContain('??=');
    expect(js).toContain('k.a = [1, "two"]');
  });

  it('is a function also where other statements are moved', () => {
    const source = `using lock = { [Symbol.dispose]() {} };\n${declared}`;
    const js = emitTail(source);
    const moved = js.indexOf('lock = ');
    expect(js.slice(moved - 10, moved)).toContain('try {');
    expect(js.slice(0, moved)).toContain(TAIL);
  });
});

describe('emitText', () => {
  it('maps the body of the user to where it was written', () => {
    const { code, map } = emitText(method, textsFor(method, 'async load', 'load'), 'a.ts');
    expect(code.split('\n')[3]).toBe(method.split('\n')[3]);
    expect(map.sources).toEqual(['a.ts']);
    expect(map.sourcesContent).toEqual([method]);
  });
});
