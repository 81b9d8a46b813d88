// cachekit.manifest.json: the same for the same sources, compared with the one before, never half written.
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../transformer/4-check/manifest.ts';
import { runCli } from '../../../transformer/cli/run-cli.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const A = `/** @cache.production ttl=5m tags=user:$id,all */
export async function load(id: number, page = 1): Promise<{ name: string; age: number; tags?: string[] }> {
  return { name: String(page), age: id };
}
/** @cacheInvalidate load(id)
 *  @cacheInvalidate tag:user:$id */
export async function rename(id: number): Promise<void> { await Promise.resolve(id); }
`;
const FILE = 'cachekit.manifest.json';

let project: SmallProject;
afterEach(() => project.remove());

async function run(
  ...args: readonly string[]
): Promise<{ code: number | undefined; out: string; err: string }> {
  let out = '';
  let err = '';
  const context = {
    cwd: project.path,
    colour: false,
    print: (text: string) => (out += `${text}\n`),
    error: (text: string) => (err += `${text}\n`),
    write: (text: string) => (out += text),
  };
  return { code: await runCli([...args], context), out, err };
}

/** CK3004, CK3005 and CK3008 of one check. */
const changes = async () => (await run('check')).out.split('\n').filter((line) => /^CK\d+: /.test(line));
const manifest = (name = FILE) => JSON.parse(project.read(name)) as Manifest;

describe('the manifest', () => {
  it('names captured variables and fields of this in tags as they were written', async () => {
    const text = `export function repository(tenant: string) {
  /** @cache.production tags=report:$tenant */
  async function load(id: number): Promise<string> { return tenant + String(id); }
  return load;
}
export class Reports {
  constructor(readonly region: string) {}
  /** @cache.production tags=report:$this.region */
  async load(id: number): Promise<string> { return this.region + String(id); }
}
`;
    project = smallProject({ 'a.ts': text }, {}, { manifest: true });
    await run('check');
    expect(manifest().sites.map(({ name, tags }) => [name, tags])).toEqual([
      ['Reports.load', ['report:$this.region']],
      ['repository.load', ['report:$tenant']],
    ]);
  });

  it('lists functions and writers with what was decided', async () => {
    project = smallProject({ 'a.ts': A }, {}, { manifest: true });
    expect(await changes()).toEqual(['CK3008: 1 cached.']);
    const { version, sites, writers } = manifest();
    expect(version).toBe(1);
    expect(sites).toHaveLength(1);
    expect(sites[0]).toMatchObject({
      id: 'small/a#load',
      file: 'a.ts',
      line: 2,
      profile: { value: 'production', reason: 'marker' },
      key: { parts: ['id', 'page'] },
      serializer: { value: 'std' },
      settings: { ttlMs: 300_000 },
      tags: ['all', 'user:$id'],
      shape: expect.stringMatching(/^[0-9a-f]{16}$/),
      code: expect.stringMatching(/^[0-9a-f]{16}$/),
      places: { id: 'number', '.name': 'string', '.age': 'number' },
    });
    expect(writers).toEqual([
      { name: 'rename', file: 'a.ts', line: 7, invalidates: ['load(id)', 'tag:user:$id'] },
    ]);
  });

  it('is the same from check and build, and a second one finds nothing', async () => {
    project = smallProject({ 'a.ts': A }, {}, { manifest: 'out/list.json' });
    await run('check');
    const first = project.read('out/list.json');
    expect((await run('build')).out).toBe('');
    expect(project.read('out/list.json')).toBe(first);
    expect(await changes()).toEqual([]);
    expect(readdirSync(project.file('out'))).toEqual(['list.json']);
  });

  it('is not written where nobody asked', async () => {
    project = smallProject({ 'a.ts': A });
    await run('check');
    await run('build');
    expect(project.exists(FILE)).toBe(false);
  });

  it('lists no function that an error leaves as written', async () => {
    project = smallProject({ 'a.ts': A.replace('ttl=5m', 'ttl=soon') }, {}, { manifest: true });
    await run('check');
    expect(manifest().sites).toEqual([]);
  });
});

describe('against the one before', () => {
  it('an id that moved is told, with the old name', async () => {
    project = smallProject({ 'a.ts': A }, {}, { manifest: true });
    await run('check');
    project.write('a.ts', A.replaceAll('load(', 'fetch('));
    expect(await changes()).toEqual([
      'CK3004: Id changed: small/a#load is small/a#fetch now, and its entries start empty.',
      'CK3008: 1 cached (+1 -1).',
    ]);
  });

  it('a shape that changed is told by its places', async () => {
    project = smallProject({ 'a.ts': A }, {}, { manifest: true });
    await run('check');
    project.write(
      'a.ts',
      A.replace('age: number; tags?: string[]', 'age: string; email: string').replace(
        'age: id',
        "age: '', email: ''",
      ),
    );
    expect(await changes()).toEqual([
      "CK3005: Shape of 'load' changed, so its entries start empty: +.email, -.tags, -.tags[], .age number→string.",
    ]);
  });

  it('build tells it as well', async () => {
    project = smallProject({ 'a.ts': A }, {}, { manifest: true });
    expect((await run('build')).out).toBe('cachekit: CK3008: 1 cached.\n');
    project.write(
      'a.ts',
      `${A}/** @cache.production */\nexport async function two(id: number): Promise<number> { return id; }\n`,
    );
    expect((await run('build')).out).toBe('cachekit: CK3008: 2 cached (+1).\n');
  });

  it.each(['{', '[]', '{"version":2,"sites":[]}', '{"version":1,"sites":[{"id":1}]}', '\u0000'])(
    'one that cannot be read is replaced, and that is told: %j',
    async (text) => {
      project = smallProject({ 'a.ts': A, [FILE]: text }, {}, { manifest: true });
      const { code, err } = await run('check');
      expect(code).toBe(0);
      expect(err).toContain('is not a manifest of this version');
      expect(manifest().sites).toHaveLength(1);
    },
  );

  it('a place that cannot be written does not fail the check', async () => {
    project = smallProject({ 'a.ts': A, taken: '' }, {}, { manifest: 'taken/list.json' });
    const { code, err } = await run('check');
    expect(code).toBe(0);
    expect(err).toContain('cannot be');
  });
});
