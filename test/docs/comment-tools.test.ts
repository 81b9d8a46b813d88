// docs/guide/comment-tools.md: what it tells other tools makes them accept our tags. With the tools themselves.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TSDocConfiguration, TSDocParser } from '@microsoft/tsdoc';
import { TSDocConfigFile } from '@microsoft/tsdoc-config';
import { Linter } from 'eslint';
import jsdoc from 'eslint-plugin-jsdoc';
import { Application, type JSONOutput, LogLevel, normalizePath, OptionDefaults } from 'typedoc';
import { afterAll, describe, expect, it } from 'vitest';
import { profileNames } from '../../transformer/3-plan/profiles.ts';
import { linkedFolder } from '../helpers/linked-folder.ts';

const page = readFileSync(
  fileURLToPath(new URL('../../docs/guide/comment-tools.md', import.meta.url)),
  'utf8',
);
const linked = linkedFolder('comment-tools');
afterAll(() => linked.remove());
const write = (name: string, value: object): void =>
  writeFileSync(join(linked.path, name), JSON.stringify(value));
write('package.json', { name: 'documented', version: '1.0.0', type: 'module' });

/** What the compiler brings for other tools. */
const shipped = createRequire(import.meta.url)('../../transformer/tsdoc.json') as {
  readonly tagDefinitions: readonly { readonly tagName: `@${string}`; readonly syntaxKind: string }[];
}; // its schema says so

/** The ```json block under a heading. */
function settingsOf(heading: string): Record<string, unknown> {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const json = /^```json\n([\s\S]*?)^```/m.exec(section)?.[1] ?? '';
  return JSON.parse(json) as Record<string, unknown>; // an object in each section
}

/** A function below a comment with these lines. */
const marked = (...lines: readonly string[]): string =>
  [
    '/**',
    ' * The report of a day.',
    ...lines.map((line) => ` * ${line}`),
    ' */',
    'export async function report(day) {',
    '  return day;',
    '}',
    '',
  ].join('\n');

const ALIAS = [
  '@cache production ttl=5m key=$day tags=report:$day,day:$day??none',
  '  unless="result.rows.length == 0 || !result.ok" !compress name="reports/day"',
  '@cacheAllow CK2001 the caller rounds the day',
  '@cacheInvalidate report($day, $result.id)',
  '@cacheInvalidate tag:org:$day',
  '@param day - which one',
];
const DOTTED = ['@cache.production ttl=5m', '@param day - which one'];

describe('TSDoc', () => {
  write('tsdoc.json', settingsOf('TSDoc'));
  const file = TSDocConfigFile.loadForFolder(linked.path);
  const configuration = new TSDocConfiguration();
  file.configureParser(configuration);

  const messages = (text: string): string[] => {
    const comment = text.slice(0, text.indexOf('*/') + 2);
    return new TSDocParser(configuration).parseString(comment).log.messages.map((one) => one.messageId);
  };

  it('finds the file by the name of the package, as TypeDoc does', () => {
    const { resolve } = createRequire(join(linked.path, 'package.json'));
    expect(() => resolve('@cachekit/transformer/tsdoc.json')).not.toThrow();
    expect(shipped.tagDefinitions.map((tag) => tag.syntaxKind)).toEqual(['block', 'block', 'block']);
  });

  it('reads the file that the compiler brings', () => {
    expect(file.getErrorSummary()).toBe('No errors.');
    expect(file.hasErrors).toBe(false);
    expect(configuration.validation.reportUnsupportedTags).toBe(false);
  });

  it('accepts every marker in the form with a blank, and no other one', () => {
    expect(messages(marked(...ALIAS))).toEqual([]);
    expect(messages(marked('@cash production'))).toEqual(['tsdoc-undefined-tag']);
  });

  it('refuses the form with a dot, as the page says', () => {
    expect(page).toContain('tsdoc-characters-after-block-tag');
    expect(messages(marked(...DOTTED))).toEqual(['tsdoc-characters-after-block-tag']);
  });
});

describe('eslint-plugin-jsdoc', () => {
  const { rules } = settingsOf('eslint-plugin-jsdoc') as { rules: Linter.RulesRecord }; // as eslint takes it
  // What else the plugin recommends, so that nothing but names is in the way.
  const recommended = jsdoc.configs['flat/recommended-error'];

  const messages = (text: string, own: Linter.RulesRecord = rules): string[] => {
    const config: Linter.Config = {
      ...recommended,
      languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
      rules: {
        ...recommended.rules,
        'jsdoc/require-param-type': 'off',
        'jsdoc/require-returns': 'off',
        ...own,
      },
    };
    return new Linter().verify(text, [config]).map((one) => `${one.ruleId}: ${one.message}`);
  };

  it('accepts both forms with the list of the page', () => {
    expect(messages(marked(...ALIAS))).toEqual([]);
    expect(messages(marked(...DOTTED))).toEqual([]);
    for (const profile of profileNames)
      expect(messages(marked(`@cache.${profile} ttl=5m`, '@param day - which one'))).toEqual([]);
  });

  it('does not without it', () => {
    expect(messages(marked(...DOTTED), {})).toEqual([
      'jsdoc/check-tag-names: Invalid JSDoc tag name "cache.production".',
    ]);
  });
});

describe('TypeDoc', () => {
  const { excludeTags } = settingsOf('TypeDoc') as { excludeTags: `@${string}`[] }; // as TypeDoc takes it
  const ours = shipped.tagDefinitions.map(({ tagName }) => tagName);
  // Its reader takes paths from the folder as well as names of packages.
  write('tsdoc.json', {
    ...settingsOf('TSDoc'),
    extends: ['./node_modules/@cachekit/transformer/tsdoc.json'],
  });

  interface Described {
    readonly summary: string;
    readonly tags: readonly string[];
    readonly warnings: readonly string[];
  }

  async function describeFunction(lines: readonly string[], options: object = {}): Promise<Described> {
    const source = join(linked.path, 'report.ts');
    writeFileSync(source, marked(...lines).replace('report(day)', 'report(day: string)'));
    write('tsconfig.json', { compilerOptions: { types: [], module: 'nodenext' }, files: ['report.ts'] });
    const tsconfig = join(linked.path, 'tsconfig.json');
    const app = await Application.bootstrap({
      entryPoints: [source],
      tsconfig,
      skipErrorChecking: true,
      disableSources: true,
      ...options,
    });
    const warnings: string[] = [];
    app.logger.log = (text, level) => {
      if (level >= LogLevel.Warn) warnings.push(text);
    };
    const project = await app.convert();
    if (project === undefined) throw new Error('TypeDoc gave nothing');
    const found = app.serializer.projectToObject(project, normalizePath(linked.path)).children?.[0]
      ?.signatures?.[0]?.comment;
    return { summary: textOf(found?.summary), tags: found?.blockTags?.map((tag) => tag.tag) ?? [], warnings };
  }

  const textOf = (parts: readonly JSONOutput.CommentDisplayPart[] = []): string =>
    parts.map((part) => part.text).join('');

  it('leaves the tags out of the pages, and keeps the default of the option', async () => {
    expect(excludeTags.filter((tag) => !ours.includes(tag))).toEqual([...OptionDefaults.excludeTags]);
    const found = await describeFunction(ALIAS, { excludeTags });
    expect(found).toEqual({ summary: 'The report of a day.', tags: [], warnings: [] });
  });

  it('knows them as block tags', async () => {
    const found = await describeFunction(ALIAS);
    expect(found.warnings).toEqual([]);
    expect(found.tags).toEqual(['@cache', '@cacheAllow', '@cacheInvalidate', '@cacheInvalidate']);
  });

  it('takes the form with a dot for a part of the description, as the page says', async () => {
    expect(page).toContain('the line becomes part of the description');
    const found = await describeFunction(DOTTED, { excludeTags });
    expect(found.summary).toContain('.production ttl=5m');
  });

  it('warns about tags that nobody named', async () => {
    rmSync(join(linked.path, 'tsdoc.json'));
    const found = await describeFunction(ALIAS);
    expect(found.warnings.join('\n')).toContain('@cache');
  });
});
