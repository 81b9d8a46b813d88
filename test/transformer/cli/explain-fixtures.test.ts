// `cachekit explain` of everything in fixtures: each stage is there with its reasons, and nothing throws.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CliContext } from '../../../transformer/cli/cli-context.ts';
import { explainIn, type ExplainOptions } from '../../../transformer/cli/explain.ts';
import { STAGES } from '../../../transformer/cli/explain-text.ts';
import { openProject, type Project } from '../../../transformer/host/project.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures');

/** Folders of `fixtures/<kind>` with an input.ts, which are in the program of their tsconfig. */
function casesOf(kind: string): readonly string[] {
  const folder = join(fixtures, kind);
  return readdirSync(folder).filter(
    (name) => existsSync(join(folder, name, 'input.ts')) && !name.startsWith('CK14'),
  );
}

function explained(project: Project, file: string, options: Partial<ExplainOptions> = {}) {
  const printed: string[] = [];
  const errors: string[] = [];
  const context: CliContext = {
    cwd: fixtures,
    colour: false,
    print: (text) => printed.push(text),
    error: (text) => errors.push(text),
    write: (text) => printed.push(text),
    env: {},
  };
  const all = { tsconfig: undefined, what: file, stage: undefined, json: false, ...options };
  const code = explainIn(project, all, context);
  return { code, output: printed.join('\n'), errors };
}

const projects = new Map<string, Project>();
const projectOf = (kind: string): Project => {
  const project =
    projects.get(kind) ?? openProject({ tsconfig: join(fixtures, kind, 'tsconfig.json'), cwd: fixtures });
  projects.set(kind, project);
  return project;
};

describe('what is cached', () => {
  beforeAll(() => {
    projectOf('emit');
  });

  it.each(casesOf('emit'))('%s', (name) => {
    const file = join(fixtures, 'emit', name, 'input.ts');
    const { code, output, errors } = explained(projectOf('emit'), file);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    // One function after the other, an empty line between them.
    for (const site of output.trimEnd().split(/\n\n(?=\S)/)) {
      for (const stage of STAGES) expect(site).toMatch(new RegExp(`^  ${stage} +\\S`, 'm'));
      // Every choice has its reason.
      expect(site).toMatch(/ id \S.*\n/);
      for (const choice of ['profile', 'key', 'serializer'])
        expect(site).toMatch(new RegExp(`^ +(?:plan +)?${choice} .+: \\S`, 'm'));
      expect(site).toMatch(/ ttl \S+/);
      expect(site).toMatch(/ version .+ \(code [0-9a-f]+, in production shape [0-9a-f]+/);
      expect(site).not.toContain('not cached');
      expect(site.split('\n  code ')[0]).not.toMatch(/: undefined$|\[object |NaN/m);
    }
  });

  it('as JSON', () => {
    const file = join(fixtures, 'emit/nested/input.ts');
    const { files } = JSON.parse(explained(projectOf('emit'), file, { json: true }).output) as {
      files: readonly Record<string, readonly unknown[]>[];
    }; // as --json prints it
    expect(STAGES.map((stage) => files[0]?.[stage]?.length)).toEqual([1, 4, 4, 4, 4]);
  });
});

describe('what is not, or is warned about', () => {
  it.each(casesOf('diagnostics'))('%s', (name) => {
    const file = join(fixtures, 'diagnostics', name, 'input.ts');
    const { output, errors } = explained(projectOf('diagnostics'), file);
    // What only shows in all files together is not about this one: then there may be nothing to explain.
    expect(output === '' ? errors.length : 1).toBe(1);
    expect(output).not.toMatch(/\[object |NaN/);
  });
});
