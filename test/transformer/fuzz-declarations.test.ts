// Every declaration file of the installed packages: no function of it has a body to cache, and each mark hears so.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { scanFile } from '../../transformer/1-scan/scan-file.ts';
import { createSyntaxReader } from '../../transformer/host/ts6/syntax/syntax-reader.ts';
import { markFunctions, shippedSources } from '../helpers/shipped-sources.ts';

const TIME_LIMIT_MS = 600_000;
/** Copies (`.d.cts` beside `.d.ts`, nested installations) say nothing new: only the text decides. */
const declarations = [
  ...new Map(shippedSources(/\.d\.[cm]?ts$/).map((source) => [source.text, source])).values(),
];
const packages = Map.groupBy(declarations, ({ name }) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);

describe(`${declarations.length} declaration files`, { timeout: TIME_LIMIT_MS }, () => {
  it('are many', () => {
    expect(declarations.length).toBeGreaterThanOrEqual(500);
  });

  it.each([...packages])('%s: no function has a body to cache', (_name, files) => {
    for (const { name, path, text: written } of files) {
      const { text, marks } = markFunctions(path, written);
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
      const { markers, problems } = scanFile(createSyntaxReader(ts, source));
      const answered = new Set(problems.map(({ range }) => range.start));
      const missed = marks.filter(({ at }) => !answered.has(at));
      expect({ name, markers, missed }).toEqual({ name, markers: [], missed: [] });
    }
  });
});
