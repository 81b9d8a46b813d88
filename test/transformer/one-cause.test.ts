// One cause, one message: nothing is said about what would follow from an option that could not be read. The build fails
// anyway, and says the rest when the option is corrected.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, type Project } from '../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

let folder: SmallProject;
let open: Project;
beforeAll(() => {
  const entry = { planCache: false, multiTenant: true };
  folder = smallProject({ 'a.ts': 'export {};' }, { lib: ['es2022', 'dom'] }, entry);
  open = openProject({ cwd: folder.path });
});
afterAll(() => folder.remove());

/** The codes of everything that is said about the text, also about it as a whole program, and infos too. */
function said(text: string): readonly string[] {
  const file = folder.file('a.ts');
  const emission = open.compile(file, `${text}\nexport {};\n`);
  const ofProgram = open.programDiagnostics(new Map([[file, emission]]));
  return [...emission.diagnostics, ...ofProgram].map(({ code }) => code);
}

const logged = 'async function load(id: number, log: () => void): Promise<number> { log(); return id; }';
const sized = 'async function load(size: number, day: string): Promise<string> { return day + size; }';
const nullable = 'async function load(id: number): Promise<number | undefined> { return id; }';
const fallback =
  'async function load(id: number): Promise<number | null> { try { return await Promise.resolve(id); } catch { return null; } }';
const plain = 'async function load(id: number): Promise<number> { return id; }';
const outer = 'async function outer(id: number): Promise<number> { return await inner(id); }';
const inner = 'async function inner(id: number): Promise<number> { return id; }';
const method = 'async load(id: number): Promise<number> { return id + this.size; } }';
const ofDay = 'async function load(day: string): Promise<string> { return day; }';
const save =
  '@cacheInvalidate tag:report:$day */ async function save(day: string): Promise<void> { void day; }';

describe('an option that could not be read', () => {
  it.each([
    ['key=: a path in brackets', `/** @cache.production key=$id[0] */ ${plain}`, 'CK1011'],
    ['key=: one path of two', `/** @cache.production key=$size,$dya */ ${sized}`, 'CK1011'],
    ['key=: its name', `/** @cache.production kye=$id */ ${logged}`, 'CK1002'],
    [
      'key=: what is a credential is not known',
      `import type { Secret } from 'cachekit'; /** @cache.production ky=$id */ async function load(id: string, token: Secret<string>): Promise<string> { return id + token; }`,
      'CK1002',
    ],
    [
      'key of cached()',
      `import { cached } from 'cachekit'; const c = cached.production(${logged}, { key: '$id' });`,
      'CK1003',
    ],
    ['ignore=', `/** @cache.production ignore=logg */ ${logged}`, 'CK1011'],
    ['ignore=: a path', `/** @cache.production ignore=log.info */ ${logged}`, 'CK1011'],
    ['ignore=: its name', `/** @cache.production ingore=log */ ${logged}`, 'CK1002'],
    [
      'ignore=: a captured variable',
      `function make(log: () => void) { /** @cache.production ignore=lgo */ async function load(id: number): Promise<number> { log(); return id; } return load; }`,
      'CK1011',
    ],
    ['ignore=: a field', `class A { size = 1; /** @cache.production ignore=this.sise */ ${method}`, 'CK1011'],
    ['self=: its name', `class A { size = 1; /** @cache.production slef=$this.size */ ${method}`, 'CK1002'],
    [
      'self=: of a getter',
      'class A { size = 1; /** @cache.local self=instnce */ get load(): number { return this.size; } }',
      'CK1003',
    ],
    [
      'self of cached()',
      `import { cached } from 'cachekit'; class A { size = 1; load = cached.local(async function (this: A, id: number): Promise<number> { return id + this.size; }, { self: 'it' }); }`,
      'CK1003',
    ],
    [
      'tenant=, beside key=',
      `/** @cache.secure tenant=$orgld key=$id */ async function load(id: number, orgId: string): Promise<string> { return orgId + id; }`,
      'CK1011',
    ],
    ['tenant=: its name', `/** @cache.secure tenent=$id */ ${plain}`, 'CK1002'],
    ['interop=', `/** @cache.secure interop=GET namespace=x */ ${plain}`, 'CK1003'],
    [
      'namespace=, which interop needs',
      `/** @cache.production interop=get namespace=Bad! */ ${plain}`,
      'CK1020',
    ],
    [
      'stale-if-error=, which soft-timeout needs',
      `/** @cache.minimal soft-timeout=1s stale-if-error=long */ ${plain}`,
      'CK1003',
    ],
    ['ttl=', `/** @cache.production ttl=5min */ ${nullable}`, 'CK1003'],
    ['ttl=: its name', `/** @cache.production tll=5s */ ${nullable}`, 'CK1002'],
    [
      'ttl= of the caller',
      `/** @cache.production ttl=5m */ ${inner} /** @cache.production ttl=5min */ ${outer}`,
      'CK1003',
    ],
    [
      'ttl= of the callee',
      `/** @cache.production ttl=2min */ ${inner} /** @cache.production ttl=3h */ ${outer}`,
      'CK1003',
    ],
    [
      'ttl=, with a suppression of what would follow',
      `/** @cache.production ttl=5m */ ${inner} /** @cache.production ttl=5min\n * @cacheAllow CK2018 it is so */ ${outer}`,
      'CK1003',
    ],
    ['cache-null=: its name', `/** @cache.production cache-nul=3s */ ${nullable}`, 'CK1002'],
    ['unless=: its name', `/** @cache.production unles="result == null" */ ${fallback}`, 'CK1002'],
    [
      'share',
      '/** @cache.production share=yes */ async function load(id: string): Promise<{ a: string }> { return Object.freeze({ a: id }); } async function use() { const x = await load("a"); x.a = "b"; }',
      'CK1003',
    ],
    [
      'serializer=',
      '/** @cache.production serializer=jso */ async function load(id: string): Promise<Set<string>> { return new Set(id); }',
      'CK1003',
    ],
    ['tags=: a path', `/** @cache.production tags=report:$dya */ ${ofDay} /** ${save}`, 'CK1011'],
    ['tags=: its name', `/** @cache.production tag=report:$day */ ${ofDay} /** ${save}`, 'CK1002'],
    [
      'tags of cached()',
      `import { cached } from 'cachekit'; const c = cached.production(${ofDay}, { tags: ['report:1', ' '] }); /** ${save}`,
      'CK1003',
    ],
  ])('%s', (_what, text, code) => {
    expect(said(text)).toEqual([code]);
  });
});

describe('a profile that does not exist', () => {
  it.each([
    ['with an option that another profile allows', `/** @cache.producton soft-timeout=1s */ ${plain}`],
    [
      'of a function that is secure without it',
      '/** @cache.producton share */ async function getUser(id: number): Promise<number> { return id; }',
    ],
    [
      'of a getter',
      'class A { size = 1; /** @cache.lokal self=instance */ get load(): number { return this.size; } }',
    ],
    [
      'of a caller of a secure function',
      `/** @cache.secure tenant=$id */ ${inner} /** @cache.secur tenant=$id */ ${outer}`,
    ],
    [
      'of a function that reads the current request',
      "import { cookies } from 'next/headers'; /** @cache.lokal */ async function load(id: number): Promise<string> { return String(await cookies()) + id; }",
    ],
  ])('%s', (_what, text) => {
    expect(said(text)).toEqual(['CK1001']);
  });
});

describe('a mark with an error', () => {
  const clear =
    '/** @cacheInvalidate load(id) */ async function clear(id: number): Promise<void> { void id; }';
  it.each([
    ['an option twice', `/** @cache.production ttl=5m ttl=6m */ ${plain} ${clear}`, 'CK1004'],
    ['an option without a value', `/** @cache.production key= */ ${plain} ${clear}`, 'CK1003'],
    [
      'in cached()',
      `import { cached } from 'cachekit'; const load = cached.production(${plain}, { ttl: '5m', ttl: '6m' }); ${clear}`,
      'CK1004',
    ],
  ])('%s: its function is still what @cacheInvalidate names', (_what, text, code) => {
    expect(said(text)).toEqual([code]);
  });
});

describe('two causes', () => {
  it('are two messages', () => {
    const text = `/** @cache.production ttl=5min key=$id */ async function load(id: number, day: string): Promise<string> { return id + day; }`;
    expect(said(text)).toEqual(['CK1003', 'CK2004']);
  });

  it('a tag that no option could write is still reported', () => {
    const text = `/** @cache.production tags=report:$dya */ ${ofDay} /** ${save.replace('report', 'repots')}`;
    expect(said(text)).toEqual(['CK1011', 'CK2019']);
  });
});
