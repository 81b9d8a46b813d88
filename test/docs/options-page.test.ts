// docs/guide/options.md names every option and every variable that has an effect, and none that has not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../runtime/config/check-config.ts';
import { optionsOf } from '../../transformer/3-plan/option-names.ts';
import { configPaths } from '../helpers/config-paths.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/guide/options.md'), 'utf8');

/** Names in the first column of the table under `## heading`. */
function firstColumn(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (`[^|]+) \|/gm)];
  return rows.flatMap((row) => [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((name) => name[1] ?? ''));
}

/** As the message about an unknown name lists them. */
function known(check: (value: unknown) => void): string[] {
  try {
    check({ zzz: 1 });
  } catch (error) {
    return /It knows (.*?)\. ERR_/.exec((error as Error).message)?.[1]?.split(', ') ?? [];
  }
  return [];
}

describe('the page of options', () => {
  it('lists the options of a mark', () => {
    expect(firstColumn('In a mark').toSorted()).toEqual([...optionsOf('comment')].toSorted());
  });

  it('names the options of cached()', () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('In `cached()`')) ?? '';
    expect(known(checkOptions).filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it('lists the options of configure()', () => {
    // Whole paths, so that a setting inside a group cannot be forgotten.
    expect(firstColumn('`configure()`').toSorted()).toEqual(configPaths().toSorted());
  });

  it('lists the variables', () => {
    const source = readFileSync(join(root, 'runtime/config/env.ts'), 'utf8');
    const variables = [...source.matchAll(/: \['(\w+)', \w+\]/g)].map((match) => match[1] ?? '');
    expect(variables.length).toBeGreaterThan(15);
    const elsewhere = ['CACHEKIT_TSCONFIG', 'CACHEKIT_DEV_PORT', 'CACHEKIT_DEV_MANIFEST'];
    expect(firstColumn('Environment').toSorted()).toEqual([...variables, ...elsewhere].toSorted());
  });
});
