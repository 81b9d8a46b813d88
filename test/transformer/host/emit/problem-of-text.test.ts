import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { FnText, SiteText } from '../../../../transformer/5-generate/texts.ts';
import { problemOfText } from '../../../../transformer/host/emit/problem-of-text.ts';

const fn: FnText = {
  fnPos: 0,
  fnEnd: 40,
  asyncStart: -1,
  asyncEnd: -1,
  asyncBy: '',
  block: true,
  open: 20,
  close: 39,
  prefix:
    ' const $h = ($ck0 ??= $ck0_()).hit(id); if ($h !== undefined) return $h; const f$body = async (id) => {',
  suffix: '}; return $ck0.run([id], f$body); ',
};
const site: SiteText = {
  fn,
  call: undefined,
  slot: '$ck0 = /*#__PURE__*/ $ck0_()',
  tail: 'function $ck0_() { return $ck.site({ v: 1 }); }',
};
const call = { at: 9, callPos: 0, callEnd: 10 };

describe('generated text', () => {
  it.each([
    ['of a block body', site],
    [
      'of an expression',
      {
        ...site,
        fn: {
          ...fn,
          block: false,
          prefix: '{ const f$body = (id) => (',
          suffix: '); return $ck0.run([id], f$body); }',
        },
      },
    ],
    ['after a directive', { ...site, fn: { ...fn, prefix: `;${fn.prefix}` } }],
    ['of a call', { ...site, fn: undefined, slot: undefined, call: { ...call, text: ', undefined, $ck0_' } }],
    [
      'of a call with a trailing comma',
      { ...site, fn: undefined, slot: undefined, call: { ...call, text: ' $ck0_, [tenant]' } },
    ],
  ])('is fine %s', (_what, text) => {
    expect(problemOfText(ts, text)).toBeUndefined();
  });

  it.each([
    ['an open string in the descriptor', { ...site, tail: 'function $ck0_() { return "a; }' }],
    ['a name that is none', { ...site, slot: '$ck-0 = 1' }],
    ['a brace too many before the body', { ...site, fn: { ...fn, prefix: `${fn.prefix} }` } }],
    ['a body that ends early and is closed by luck', { ...site, fn: { ...fn, prefix: ' } {', suffix: ' ' } }],
    ['a bracket that is not closed in a call', { ...site, call: { ...call, text: ', [tenant' } }],
    ['a second statement', { ...site, tail: `${site.tail} more();` }],
    ['a line break', { ...site, tail: 'function $ck0_() {\n}' }],
  ])('is a problem: %s', (_what, text) => {
    expect(problemOfText(ts, text)).toContain('does not parse');
  });
});
