// The command line: what it prints and how it ends.
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../transformer/cli/run-cli.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const good = `/** @cache ttl=5m */
export async function report(id: number, page = 1): Promise<Date> {
  return new Date(id * page);
}
`;
const bad = `/** @cache tll=5m */
export async function broken(id: number): Promise<number> {
  return id;
}
`;

let project: SmallProject;
afterEach(() => project.remove());

function run(...args: readonly string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const context = {
    cwd: project.path,
    colour: false,
    print: (text: string) => void lines.push(text),
    error: (text: string) => void errors.push(text),
    write: (text: string) => void lines.push(text),
  };
  return { code: runCli(args, context), output: lines.join('\n'), errors: errors.join('\n') };
}

describe('check', () => {
  it('ends with 0 and a count when all is well', () => {
    project = smallProject({ 'good.ts': good });
    expect(run('check')).toEqual({
      code: 0,
      output: '0 errors, 0 warnings in 1 cached function',
      errors: '',
    });
  });

  it('ends with 1 and shows the place of an error', () => {
    project = smallProject({ 'good.ts': good, 'bad.ts': bad });
    const { code, output } = run('check');
    expect(output).toContain("bad.ts:1:12 error CK1002: Unknown cache option 'tll'. Did you mean 'ttl'?");
    expect(output).toContain('1 error, 0 warnings in 1 cached function');
    expect(code).toBe(1);
  });

  it('prints one JSON object, or annotations', () => {
    project = smallProject({ 'bad.ts': bad });
    const { version, cached, diagnostics } = JSON.parse(run('check', '--json').output);
    expect([version, cached, diagnostics[0].code, diagnostics[0].line]).toEqual([1, 0, 'CK1002', 1]);
    expect(run('check', '--format', 'github').output).toMatch(/^::error file=bad\.ts,line=1,/);
  });
});

describe('explain', () => {
  it('says what was decided for a function, why, and the code', () => {
    project = smallProject({ 'good.ts': good });
    const { code, output } = run('explain', 'report');
    expect(code).toBe(0);
    expect(output).toContain('report good.ts:2');
    expect(output).toContain('key [id: number, page: number]: all parameters');
    expect(output).toContain('ttl 5m');
    expect(output).toContain('.hit(id, page)');
    expect(output).toContain('id: "small/good#report"');
  });

  it('takes a file, and a line in it', () => {
    project = smallProject({ 'both.ts': good + bad });
    expect(run('explain', 'both.ts').output).toContain('broken both.ts:6');
    expect(run('explain', 'both.ts:3').output).not.toContain('broken');
    expect(run('explain', 'both.ts:7').output).toContain('not cached');
  });

  it('prints one stage as JSON', () => {
    project = smallProject({ 'good.ts': good });
    const { files } = JSON.parse(run('explain', 'report', '--stage', 'plan').output);
    expect(files[0].plan[0].id).toBe('small/good#report');
  });

  it('ends with 1 when there is no such function', () => {
    project = smallProject({ 'good.ts': good });
    expect(run('explain', 'nothing')).toMatchObject({
      code: 1,
      errors: expect.stringContaining("'nothing'"),
    });
  });
});

describe('ls', () => {
  it('lists the cached functions, not those an error keeps out', () => {
    project = smallProject({ 'good.ts': good, 'bad.ts': bad });
    const { output, code } = run('ls');
    expect(output).toMatch(/^report +good\.ts:2 +default +5m +\[id, page\] +\w+ +code/);
    expect(output).toContain('1 cached: 1 default');
    expect(code).toBe(1);
  });

  it('prints JSON', () => {
    project = smallProject({ 'good.ts': good });
    expect(JSON.parse(run('ls', '--json').output)).toMatchObject({
      version: 1,
      functions: [{ name: 'report', place: 'good.ts:2', ttl: '5m', key: { parts: ['id', 'page'] } }],
    });
  });
});

describe('wrong use', () => {
  it.each([
    ['an unknown command', ['chek']],
    ['an unknown option', ['check', '--nope']],
    ["another command's option", ['ls', '--strict']],
    ['a bad format', ['check', '--format', 'xml']],
    ['a missing argument', ['explain']],
    ['a bad stage', ['explain', 'x', '--stage', 'emit']],
    ['nothing', []],
  ])('ends with 2: %s', (_what, args) => {
    project = smallProject({});
    expect(run(...args).code).toBe(2);
  });

  it('prints help and version', () => {
    project = smallProject({});
    expect(run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('cachekit <command>') });
    expect(run('--version').output).toMatch(/^\d+\.\d+\.\d+/);
  });
});
