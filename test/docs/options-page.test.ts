// docs/guide/options.md names every option and every variable that has an effect, and none that has not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../runtime/config/check-config.ts';
import { PROFILES, type ProfileSwitches } from '../../runtime/config/profiles.ts';
import { BUILT_IN } from '../../runtime/config/resolve-settings.ts';
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

/** The cells of a row of the table of profiles, by profile. */
function profileRow(label: string): Readonly<Record<string, string>> {
  const section = page.split(/^## /m).find((part) => part.startsWith('Profiles')) ?? '';
  const cells = (line = ''): string[] => line.split('|').map((cell) => cell.trim());
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const names = cells(lines[0]);
  const row = cells(lines.find((line) => cells(line)[1] === label));
  return Object.fromEntries(
    names.map((name, i) => [name, row[i] ?? ''] as const).filter(([name]) => name !== ''),
  );
}

const byProfile = (say: (switches: ProfileSwitches) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(PROFILES).map(([name, switches]) => [name, say(switches)]));

describe('the page of options', () => {
  it('says what each profile switches', () => {
    const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
    expect(profileRow('`refresh-ahead`')).toEqual(
      byProfile(({ refreshAhead }) => (refreshAhead === 0 ? 'off' : String(refreshAhead))),
    );
    expect(profileRow('`stale-if-error`')).toEqual(byProfile(({ staleIfError = 'off' }) => staleIfError));
    expect(profileRow('`lock`')).toEqual(byProfile(({ lock }) => onOff(lock)));
    expect(profileRow('compression')).toEqual(byProfile(({ compress = true }) => onOff(compress)));
    expect(profileRow('jitter')).toEqual(byProfile(({ jitter = BUILT_IN.jitter01 }) => String(jitter)));
    expect(profileRow('version')).toEqual(
      byProfile(({ version }) => (version === undefined ? 'by `NODE_ENV`' : `\`${version}\``)),
    );
  });

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
