// `cachekit inspect` with a manifest: entries that a compiled program stored, with the names of their parts.
import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const masterKey = keygen();

const PROGRAM = `
import { cacheOf, close, codec } from 'cachekit';
class Money {
  readonly cents: number;
  constructor(cents: number) { this.cents = cents; }
  static readonly [codec] = { id: 'small/Money/1', encode: (m: Money): number => m.cents, decode: (n: number): Money => new Money(n) };
}
interface User { name: string; born: Date; tags?: string[]; paid: Money; seen: Map<string, number> }
type Event = { kind: 'opened'; by: string } | { kind: 'closed'; reason: string };
/** @cache.production ttl=1h */
async function loadUser(id: number): Promise<User> {
  return { name: 'Ada ' + id, born: new Date(0), paid: new Money(5), seen: new Map([['home', 1]]) };
}
/** @cache.production ttl=1h */
async function lastEvent(id: number): Promise<Event> { return { kind: 'closed', reason: 'late ' + id }; }
/** @cache.secure ttl=1h */
async function loadSecret(id: number): Promise<{ note: string; id: number }> { return { note: 'canary', id }; }
await loadUser(1); await lastEvent(1); await loadSecret(1);
const keys = [cacheOf(loadUser).key(1), cacheOf(lastEvent).key(1), cacheOf(loadSecret).key(1)];
await close();
console.log(JSON.stringify(keys));
`;

let project: SmallProject;
let keys: readonly string[];

beforeAll(() => {
  const options = { types: ['node'], lib: ['es2022'], typeRoots: [`${root}node_modules/@types`] };
  project = smallProject({ 'a.ts': PROGRAM }, options, { manifest: true });
  symlinkSync(`${root}node_modules`, project.file('node_modules'));
  const built = node(`${root}transformer/bin/cachekit.js`, 'build');
  if (built.code !== 0) throw new Error(built.stdout + built.stderr);
  keys = JSON.parse(node('dist/a.js').stdout) as string[]; // what it prints
}, 120_000);
afterAll(() => project.remove());

function node(...args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    NODE_ENV: 'production',
    // Also on Node 22, where it is not the default.
    CACHEKIT_BACKEND: 'embedded',
    CACHEKIT_PATH: project.file('store'),
    CACHEKIT_MASTER_KEY: masterKey,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd: project.path,
    encoding: 'utf8',
    env,
  });
  return { code: status, stdout, stderr };
}

const inspect = (key: string | undefined, ...flags: readonly string[]) =>
  node(`${root}transformer/bin/cachekit.js`, 'inspect', key ?? '', ...flags);

describe('inspect', { timeout: 60_000 }, () => {
  it('names the parts of a value by the manifest', () => {
    const { code, stdout } = inspect(keys[0], '--decrypt');
    expect(code).toBe(0);
    expect(stdout).toMatch(/serializer {2}\w+, shaped form/);
    expect(stdout).toContain("name: 'Ada 1'");
    expect(stdout).toContain('born: 1970-01-01T00:00:00.000Z');
    expect(stdout).toContain("seen: Map(1) { 'home' => 1 }");
    expect(stdout).not.toContain('tags'); // it has none
    // Its class is not loaded: what its codec stored, under its id.
    expect(stdout).toMatch(/paid: .*small\/Money\/1.* \{ data: 5 \}/);
    expect(inspect(keys[1], '--decrypt').stdout).toContain("{ kind: 'closed', reason: 'late 1' }");
    expect(JSON.parse(inspect(keys[1], '--decrypt', '--json').stdout)).toMatchObject({
      named: true,
      value: { kind: 'closed', reason: 'late 1' },
    });
  });

  it('shows no value that was not asked for, and none of an encrypted entry that is not opened', () => {
    expect(inspect(keys[0]).stdout).not.toContain('Ada');
    const sealed = inspect(keys[2], '--decrypt');
    expect(sealed.stdout).toContain('opens only with the four texts of its logical key');
    expect(sealed.stdout).not.toMatch(/canary|note/);
  });

  it('shows parts by position, and says so, where no manifest names them', () => {
    const wire = '[{"kind":"primitive","name":"string"},[]]';
    const sites = [{ shape: shapeOf(keys[0]), wire }, { shape: shapeOf(keys[0]) }, null];
    project.write('other.json', JSON.stringify({ version: 1, sites }));
    const { code, stdout } = inspect(keys[0], '--decrypt', '--manifest', 'other.json');
    expect(stdout).toContain('parts by position, for no manifest names them: [');
    expect(stdout).toContain("'Ada 1'");
    expect(code).toBe(0);
  });

  it.each(['package.json', 'a.ts', 'none.json'])('refuses %s as a manifest', (file) => {
    const { code, stderr } = inspect(keys[0], '--decrypt', '--manifest', file);
    expect(stderr).toMatch(/--manifest: \S+ (?:is no manifest of this version|cannot be read)/);
    expect(code).toBe(2);
  });

  it('needs the manifest for nothing else', () => {
    const text = project.read('cachekit.manifest.json');
    rmSync(project.file('cachekit.manifest.json'));
    expect(inspect(keys[0], '--decrypt').stdout).toContain('parts by position');
    project.write('cachekit.manifest.json', text);
  });
});

function shapeOf(key: string | undefined): string {
  const { header } = JSON.parse(inspect(key, '--json').stdout) as { header: { shape: string } }; // what it prints
  return header.shape;
}
