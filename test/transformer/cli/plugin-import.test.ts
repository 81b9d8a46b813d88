// The forms in which a configuration file may import a plugin: what is called, and what `init` makes of the file.
import { describe, expect, it } from 'vitest';
import { addPlugin } from '../../../transformer/cli/edit-config.ts';
import { findPluginImport } from '../../../transformer/cli/plugin-import.ts';

const from = '@cachekit/plugins/vite';
const config = (names: string, call: string) =>
  `import ${names} from '${from}';\nexport default { plugins: [${call}] };\n`;

describe('findPluginImport', () => {
  it.each([
    ['ck', { callee: 'ck', isWrong: false }],
    ['ck, { type PluginOptions }', { callee: 'ck', isWrong: false }],
    ['{ default as ck }', { callee: 'ck', isWrong: false }],
    ['* as ck', { callee: 'ck.default', isWrong: false }],
    ['{ cachekit }', { callee: 'cachekit', isWrong: true }],
    ['{ vite as ck }', { callee: 'ck', isWrong: true }],
    ['{ type PluginOptions }', undefined],
    ['type { PluginOptions }', undefined],
    ['{ PluginOptions }', undefined],
  ])('of import %s', (names, found) => {
    expect(findPluginImport(config(names, ''), from)).toEqual(found && { ...found, line: 1 });
  });

  it('of a file with several imports', () => {
    const text = `import { a } from 'a';\nimport type { PluginOptions } from '${from}';\nimport ck from '${from}';\n`;
    expect(findPluginImport(text, from)).toEqual({ callee: 'ck', isWrong: false, line: 3 });
    expect(findPluginImport(text, '@cachekit/plugins/esbuild')).toBeUndefined();
  });
});

describe('addPlugin', () => {
  it.each([
    ['{ default as ck }', '{ default as ck }', 'ck()'],
    ['* as ck', '* as ck', 'ck.default()'],
    ['{ cachekit }', 'cachekit', 'cachekit()'],
    ['{ vite as ck, type PluginOptions }', 'ck, { type PluginOptions }', 'ck()'],
  ])('adds no second plugin beside import %s', async (before, after, call) => {
    expect(await addPlugin(config(before, call), 'vite')).toBe(config(after, call));
    expect(await addPlugin(config(before, ''), 'vite')).toBe(config(after, call));
  });
});
