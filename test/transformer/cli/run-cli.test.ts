// The command line: what it prints and how it ends.
import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../transformer/cli/run-cli.ts';
import { catalogue } from '../../../transformer/diagnostics/catalogue.ts';
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
      output: '0 errors, 0 warnings; 1 function cached',
      errors: '',
    });
  });

  it('ends with 1 and shows the place of an error', () => {
    project = smallProject({ 'good.ts': good, 'bad.ts': bad });
    const { code, output } = run('check');
    expect(output).toContain("bad.ts:1:12 error CK1002: Unknown cache option 'tll'. Did you mean 'ttl'?");
    expect(output).toContain('1 error, 0 warnings; 1 function cached');
    expect(code).toBe(1);
  });

  it('prints one JSON object, or annotations', () => {
    project = smallProject({ 'bad.ts': bad });
    const { version, cached, diagnostics } = JSON.parse(run('check', '--json').output);
    expect([version, cached, diagnostics[0].code, diagnostics[0].line]).toEqual([1, 0, 'CK1002', 1]);
    expect(run('check', '--format', 'github').output).toMatch(/^::error file=bad\.ts,line=1,/);
  });
});

describe('check of components', () => {
  const script = `<script lang="ts">\n${good.replace('export ', '')}</script>\n`;

  const include = (...patterns: readonly string[]): void => {
    const tsconfig = JSON.parse(project.read('tsconfig.json')) as object;
    project.write('tsconfig.json', JSON.stringify({ ...tsconfig, include: patterns }));
  };

  it('says of a mark in a script that it is not compiled', () => {
    const plain = '<template>@cache</template>';
    project = smallProject({ 'good.ts': good, 'page.svelte': script, 'plain.vue': plain });
    include('*.ts', '*.svelte', '*.vue');
    const { code, output } = run('check');
    expect(output).toContain('page.svelte:2:5 error CK1401: The script of a component');
    expect(output).toContain('1 error, 0 warnings; 1 function cached');
    expect(code).toBe(1);
  });

  it('leaves out components that the tsconfig does not match', () => {
    project = smallProject({ 'good.ts': good, 'page.svelte': script });
    include('*.ts');
    expect(run('check').output).toBe('0 errors, 0 warnings; 1 function cached');
  });
});

describe('explain CODE', () => {
  it('prints the page of a diagnostic or an error, readable without its links', () => {
    project = smallProject({});
    const { code, output } = run('explain', 'CK1108');
    expect(code).toBe(0);
    expect(output).toMatch(/^# CK1108 class-instance \(error\)\n/);
    expect(output).not.toContain('](../');
    expect(run('explain', 'ERR_CACHEKIT_CONFIG').output).toContain('# ERR_CACHEKIT_CONFIG');
    expect(JSON.parse(run('explain', 'CK1108', '--json').output)).toMatchObject({
      version: 1,
      code: 'CK1108',
    });
  });

  it('knows every code that it can print', () => {
    project = smallProject({});
    for (const code of Object.keys(catalogue)) expect(run('explain', code).code).toBe(0);
  });

  it('ends with 2 for a code that is none, and names a near one', () => {
    project = smallProject({});
    const { code, errors } = run('explain', 'CK11080');
    expect(code).toBe(2);
    expect(errors).toContain("There is no code 'CK11080'. Did you mean 'CK1108'?");
  });

  it('is what a check with findings points to', () => {
    project = smallProject({ 'bad.ts': bad });
    expect(run('check').output).toContain('More about a code: cachekit explain CK1002');
  });
});

describe('one identity for two functions of different files', () => {
  const named = (name: string) =>
    `/** @cache.production name=report */\nexport async function ${name}(id: number): Promise<number> {\n  return id;\n}\n`;

  it.each([['check'], ['build']])('is found by %s', (command) => {
    project = smallProject({ 'a.ts': named('daily'), 'b.ts': named('weekly') });
    const { code, output } = run(command);
    expect(code).toBe(1);
    expect(output).toMatch(
      /b\.ts.1[:,]5.*CK1017: Two cached functions share id 'report'; the other one is 'daily' in a\.ts\./,
    );
    expect(output).not.toContain('a.ts:1');
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
    const { files } = JSON.parse(run('explain', 'report', '--stage', 'plan', '--json').output);
    expect(files[0].plan[0].id).toBe('small/good#report');
  });

  it('prints the stages in their order, or one of them', () => {
    project = smallProject({ 'both.ts': good + bad.replace('tll', 'ttl') });
    const stages = (text: string) => [...text.matchAll(/^ {2}(\w+) +/gm)].map((match) => match[1]);
    const { output } = run('explain', 'report');
    expect(stages(output)).toEqual(['scan', 'shape', 'plan', 'check', 'code']);
    expect(output).toContain('  shape  (id: number, page: number) => Promise<Date>');
    expect(output).toContain('  check  both.ts:2:');
    expect(output).not.toContain('broken');
    const check = run('explain', 'broken', '--stage', 'check').output;
    expect(check).toBe('broken both.ts:6\n  check  nothing to say\n');
    const { files } = JSON.parse(run('explain', 'broken', '--json').output);
    expect(Object.keys(files[0])).toEqual('scan shape plan check code invalidatedBy writers'.split(' '));
    expect(files[0].plan.map((plan: { name: string }) => plan.name)).toEqual(['broken']);
  });

  it('says what is near when there is no such function', () => {
    project = smallProject({ 'good.ts': good });
    expect(run('explain', 'reprot').errors).toContain("is called 'reprot'. Did you mean 'report'?");
    expect(run('explain', 'good.ts:9').errors).toBe(
      'No marked function is in line 9 of good.ts. There is report (line 1).',
    );
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
    const [head, ...rows] = output.split('\n');
    expect(head?.split(/ +/)).toEqual([
      'function',
      'file',
      'profile',
      'ttl',
      'key',
      'serializer',
      'version',
      'why',
    ]);
    expect(rows[0]).toMatch(
      /^report +good\.ts:2 +default +5m +\[id, page\] +auto +code [0-9a-f]{8} +default: nothing in name or types .*; auto: Date as the result$/,
    );
    expect(rows).toHaveLength(2);
    expect(output).toContain('1 cached: 1 default');
    expect(code).toBe(1);
  });

  it('says which fingerprint counts, and where the name of the function stands', () => {
    const text = `import { cached } from 'cachekit';
/**
 * Several lines.
 *
 * @cache.production version=shape
 */
// another comment
export async function
  byShape(id: number): Promise<number> { return id; }
/** @cache.production version=v7 */
export async function byHand(id: number): Promise<number> { return id; }
const plain = async (id: number): Promise<number> => id;
export const byKey =
  cached.secure(plain, { key: (id: number) => id % 10 });
`;
    project = smallProject({ 'versions.ts': text });
    const { output } = run('ls');
    expect(output).toMatch(/^byShape +versions\.ts:9 .* shape [0-9a-f]{8} +production: marker$/m);
    expect(output).toMatch(/^byHand +versions\.ts:11 .* v7 +production: marker$/m);
    expect(output).toMatch(
      /^byKey +versions\.ts:14 +secure +default +\[\(id: number\) => id % 10\] .* code [0-9a-f]{8} /m,
    );
    expect(run('ls', '--json').output).toContain('"version":"v7"');
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

  it('says what was meant, and nothing that does not belong here', () => {
    project = smallProject({});
    expect(run('chek').errors).toBe(
      "There is no command 'chek'. Did you mean 'check'?\nRun cachekit --help.",
    );
    expect(run('check', '--jsn').errors).toBe("Unknown option '--jsn'.\nRun cachekit --help.");
  });

  it('ends with 2 where there is no tsconfig, and says how to make one', () => {
    project = smallProject({ 'good.ts': good });
    const elsewhere = { code: 2, errors: expect.stringContaining('Make one with npx tsc --init.') };
    for (const command of ['check', 'ls', 'explain report'])
      expect(run(...command.split(' '), '-p', 'nowhere.json')).toMatchObject(elsewhere);
    rmSync(project.file('tsconfig.json'));
    // As in the root of a monorepo, whose packages have the tsconfigs.
    for (const command of ['check', 'check --watch', 'ls'])
      expect(run(...command.split(' '))).toMatchObject({
        code: 2,
        errors: expect.stringMatching(/no tsconfig\.json at or above .* Name another file with -p/),
      });
    expect(run('verify', 'nowhere')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('There is no nowhere. Build first.'),
    });
  });

  it('prints help and version', () => {
    project = smallProject({});
    expect(run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('cachekit <command>') });
    expect(run('--version').output).toMatch(/^\d+\.\d+\.\d+/);
  });
});
