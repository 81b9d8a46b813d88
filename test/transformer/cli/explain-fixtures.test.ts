// `cachekit explain` of everything in fixtures: each stage is there with its reasons, and nothing throws.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CliContext } from '../../../transformer/cli/cli-context.ts';
import { compileAll } from '../../../transformer/cli/compile-all.ts';
import { STAGES } from '../../../transformer/cli/explain-text.ts';
import { explainIn, type ExplainOptions } from '../../../transformer/cli/explain.ts';
import { explainProject, type ExplainedProject } from '../../../transformer/cli/explained.ts';
import { openProject } from '../../../transformer/host/project/project.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures');

/** Folders of `fixtures/<kind>` with an input.ts, which are in the program of their tsconfig. */
function casesOf(kind: string): readonly string[] {
  const folder = join(fixtures, kind);
  return readdirSync(folder).filter(
    (name) => existsSync(join(folder, name, 'input.ts')) && !name.startsWith('CK14'),
  );
}

const quiet: CliContext = {
  cwd: fixtures,
  colour: false,
  print: () => {},
  error: () => {},
  write: () => {},
  env: {},
};

function explained(project: ExplainedProject, file: string, options: Partial<ExplainOptions> = {}) {
  const printed: string[] = [];
  const errors: string[] = [];
  const context: CliContext = {
    ...quiet,
    print: (text) => printed.push(text),
    error: (text) => errors.push(text),
  };
  const complete = { tsconfig: undefined, what: file, stage: undefined, json: false, ...options };
  const code = explainIn(project, complete, context);
  return { code, output: printed.join('\n'), errors };
}

const projects = new Map<string, ExplainedProject>();
function projectOf(kind: string): ExplainedProject {
  const known = projects.get(kind);
  if (known !== undefined) return known;
  const project = openProject({ tsconfig: join(fixtures, kind, 'tsconfig.json'), cwd: fixtures });
  const opened = explainProject(project, compileAll(undefined, quiet, project));
  projects.set(kind, opened);
  return opened;
}

interface ExplainedJson {
  readonly invalidatedBy: readonly { readonly id: string; readonly by: readonly object[] }[];
  readonly writers: readonly {
    readonly name: string;
    readonly place: string;
    readonly invalidates: readonly {
      readonly text: string;
      readonly functions: readonly { readonly id: string; readonly place: string }[];
    }[];
  }[];
}

describe('what is cached', () => {
  beforeAll(() => {
    projectOf('emit');
  }, 600_000);

  it.each(casesOf('emit'))('%s', (name) => {
    const file = join(fixtures, 'emit', name, 'input.ts');
    const { code, output, errors } = explained(projectOf('emit'), file);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    // One function after the other, an empty line between them.
    const sections = output.trimEnd().split(/\n\n(?=\S)/);
    const writers = sections.filter((section) => /^  scan +@cacheInvalidate /m.test(section));
    for (const writer of writers) {
      for (const stage of ['scan', 'plan', 'check', 'code'])
        expect(writer).toMatch(new RegExp(`^  ${stage} +\\S`, 'm'));
      // What it is about, in a fixture of one file, is in that file.
      expect(writer).toMatch(
        / invalidates \S.*: (?:the entry of one call|all entries|entries with the tag) of \S+ \(\S+:\d+\)/,
      );
      expect(writer).toMatch(/invalidateAfter\(/);
      expect(output).toMatch(/^ +invalidated by \S+ \(\S+:\d+\): @cacheInvalidate \S/m);
    }
    // What is said about code outside of the functions has a place of its own.
    const sites = sections.filter((section) => !writers.includes(section) && !/^\S+:\d+:\d+ /.test(section));
    expect(sites.length).toBeGreaterThan(0);
    for (const site of sites) {
      expect(site).toMatch(/^ +invalidated by \S/m);
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

  it.each(['writer-function', 'writer-tag'])('%s: both sides of an invalidation, as JSON', (name) => {
    const file = join(fixtures, 'emit', name, 'input.ts');
    const { output } = explained(projectOf('emit'), file, { json: true });
    const [one] = (JSON.parse(output) as { files: readonly ExplainedJson[] }).files; // as --json prints it
    // Functions of other fixtures may write the same tag.
    const pairs = (one?.writers ?? []).flatMap((writer) =>
      writer.invalidates.flatMap(({ text, functions }) =>
        functions
          .filter(({ place }) => place.startsWith(`emit/${name}/`))
          .map(({ id }) => ({ id, by: { name: writer.name, place: writer.place, text } })),
      ),
    );
    expect(pairs).not.toEqual([]);
    for (const { id, by } of pairs)
      expect(one?.invalidatedBy.find((site) => site.id === id)?.by).toContainEqual(by);
  });

  it('only the plan says who invalidates', () => {
    const file = join(fixtures, 'emit/writer-function/input.ts');
    const of = (stage: string) => explained(projectOf('emit'), file, { stage }).output;
    expect(of('plan')).toMatch(/ invalidated by .+\n(?:[^]*) invalidates /);
    expect(of('scan')).not.toMatch(/ invalidate(?:d by|s) /);
    expect(of('scan')).toContain('@cacheInvalidate ');
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
  beforeAll(() => {
    projectOf('diagnostics');
  }, 600_000);

  it.each(casesOf('diagnostics'))('%s', (name) => {
    const file = join(fixtures, 'diagnostics', name, 'input.ts');
    const { output, errors } = explained(projectOf('diagnostics'), file);
    // What only shows in all files together is not about this one: then there may be nothing to explain.
    expect(output === '' ? errors.length : 1).toBe(1);
    expect(output).not.toMatch(/\[object |NaN/);
  });
});
