// Marks as somebody writes them who has not read the manual: each is answered with what is wrong, where, and what to
// write instead. `vitest run --project compiler test/transformer/wrong-marks.test.ts -u` rewrites the expected texts.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPretty } from '../../transformer/diagnostics/format.ts';
import { openProject } from '../../transformer/host/project/project.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'fixtures/diagnostics/wrong-marks');
const project = openProject({ tsconfig: join(folder, 'tsconfig.json'), cwd: root });

/** Of what a file of another one imports. */
const HELPERS = ['read-file.ts'];
const cases = readdirSync(folder).filter((name) => name.endsWith('.ts') && !HELPERS.includes(name));

describe('a wrong mark', () => {
  it.each(cases)('%s', async (name) => {
    const { diagnostics, code } = project.compile(join(folder, name));
    // Nothing that is wrong is cached, and nothing is passed over in silence.
    expect(diagnostics.filter((one) => one.severity !== 'info')).not.toEqual([]);
    expect(code).toBeUndefined();
    const options = {
      textOf: (file: string) => readFileSync(file, 'utf8'),
      show: (file: string) => basename(file),
    };
    const text = `${diagnostics.map((one) => formatPretty(one, options)).join('\n\n')}\n`;
    await expect(text).toMatchFileSnapshot(join(folder, name.replace(/\.ts$/, '.txt')));
  });
});
