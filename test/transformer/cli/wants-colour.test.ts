import { expect, it } from 'vitest';
import { wantsColour } from '../../../transformer/cli/wants-colour.ts';

it.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['an empty NO_COLOR says nothing', { isTTY: true }, { NO_COLOR: '' }, true],
  ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a pipe or a file', {}, {}, false],
])('%s', (_what, stdout, env, expected) => {
  expect(wantsColour(stdout, env)).toBe(expected);
});
