// A fault inside each stage, in a real build: the function is left as written, the build fails, and it says where.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCE = `/** @cache.production */
export async function report(id: number): Promise<number> { return id; }
/** @cacheInvalidate report(id) */
export async function save(id: number): Promise<void> { void id; }
`;

/** Stage → a function that it cannot do without. */
const FAULTS = [
  ['scan', '1-scan/scan-file.ts#scanFile'],
  ['shape', '2-shape/read-signature.ts#readSignature'],
  ['plan', '3-plan/plan-site.ts#planSite'],
  ['check', '4-check/check-site.ts#checkSite'],
  ['code', '5-generate/write-texts.ts#writeSite'],
  ['writer', '3-plan/plan-invalidate.ts#planInvalidate'],
  ['file', '5-generate/write-texts.ts#joinTexts'],
  ['program', '4-check/check-program.ts#checkProgram'],
] as const;

let project: SmallProject;
beforeAll(() => {
  project = smallProject({ 'a.ts': SOURCE }, { noLib: false }, { planCache: false });
});
afterAll(() => project.remove());

function cli(fault: string, ...args: readonly string[]) {
  const node = ['--conditions=@cachekit/source', '--import', `${root}test/helpers/faulty-stage.mjs`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...node, `${root}transformer/cli/main.ts`, ...args],
    { cwd: project.path, encoding: 'utf8', env: { PATH: process.env['PATH'], FAULT: fault } },
  );
  return { code: status, output: `${stdout}${stderr}` };
}

describe.each(FAULTS)('a fault in stage %s', { timeout: 300_000 }, (stage, fault) => {
  it('fails the build, which names the stage, and leaves the function as written', () => {
    const { code, output } = cli(fault, 'build');
    expect(output).toContain(`CK1407: cachekit bug in stage '${stage}': injected.`);
    expect(code).toBe(3);
    const written = readFileSync(project.file('dist/a.js'), 'utf8');
    expect(written.includes('$ck.site(')).toBe(stage === 'writer' || stage === 'program');
    expect(written.includes('invalidateAfter(')).toBe(!['writer', 'scan', 'file'].includes(stage));
  });

  it('is found by check', () => {
    const { code, output } = cli(fault, 'check');
    expect(output).toContain(`CK1407: cachekit bug in stage '${stage}': injected.`);
    expect(code).toBe(3);
  });
});
