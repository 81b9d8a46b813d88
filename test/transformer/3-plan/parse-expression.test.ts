// The conditions of a comment: what they accept, what they mean, and that they answer for any text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../transformer/3-plan/expression.ts';
import { parseExpression } from '../../../transformer/3-plan/parse-expression.ts';

/** Every operation in parentheses. */
function show(expression: Expression): string {
  if (expression.kind === 'path') return [expression.root, ...expression.steps].join('.');
  if (expression.kind === 'literal') return JSON.stringify(expression.value);
  if (expression.kind === 'undefined') return 'undefined';
  if (expression.kind === 'not') return `!${show(expression.operand)}`;
  return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
}

function tree(text: string): string {
  const parsed = parseExpression(text);
  return parsed.ok ? show(parsed.expression) : `found ${parsed.found}`;
}

describe('a condition', () => {
  it.each([
    ['result.rows.length == 0', '(result.rows.length == 0)'],
    ['result.ok==false', '(result.ok == false)'],
    ['!result.ok', '!result.ok'],
    ['!!a', '!!a'],
    ['a && b || c', '((a && b) || c)'],
    ['a || b && c', '(a || (b && c))'],
    ['a == b && c != d', '((a == b) && (c != d))'],
    ['a || b || c', '((a || b) || c)'],
    ['(a || b) && c', '((a || b) && c)'],
    ['a ?? b ?? c', '((a ?? b) ?? c)'],
    ['(a && b) ?? c', '((a && b) ?? c)'],
    ['a ?? (b || c)', '(a ?? (b || c))'],
    ['a?.b?.c == null', '(a.b.c == null)'],
    ['$opts.fresh != true', '(opts.fresh != true)'],
    ['a == \'it is\' || a == "x"', '((a == "it is") || (a == "x"))'],
    ["a == 'it\\'s'", '(a == "it\'s")'],
    ['a == -1.5', '(a == -1.5)'],
    ['a == undefined', '(a == undefined)'],
    ['a.new == true', '(a.new == true)'],
    ['größe == 1', '(größe == 1)'],
  ])('%s', (text, expected) => {
    expect(tree(text)).toBe(expected);
  });

  it.each([
    ['', 'the end'],
    ['a ==', 'the end'],
    ['a b', "'b'"],
    ['isOld()', "call 'isOld()'"],
    ['result.at.isOld(1)', "call 'result.at.isOld()'"],
    ['a < 1', "'<'"],
    ['a >= 1', "'>='"],
    ['a === 1', "'==='"],
    ['a = 1', "'='"],
    ['a[0]', "'['"],
    ['a + 1', "'+'"],
    ['(a', 'the end'],
    ['a)', "')'"],
    ['typeof a', "'typeof'"],
    ['a ? b : c', "'?'"],
    ["a == 'open", "'''"],
    ['a.', 'the end'],
    ['a ?? b || c', '?? beside || or && without parentheses'],
    ['a || b ?? c', '?? beside || or && without parentheses'],
    ['a && b ?? c', '?? beside || or && without parentheses'],
    ['a ?? b && c', '?? beside || or && without parentheses'],
    [`${'('.repeat(40)}a`, 'more than 32 levels'],
    ['!'.repeat(400), 'more than 32 levels'],
    ['a'.repeat(1001), 'more than 1000 characters'],
  ])('refuses %s', (text, found) => {
    expect(tree(text)).toBe(`found ${found}`);
  });

  it('offers the strict operator that == is', () => {
    expect(parseExpression('a !== 1')).toMatchObject({ instead: '!=', range: { start: 2, end: 5 } });
  });

  it('answers for any text, with a place in it', () => {
    const piece = fc.constantFrom(
      'a',
      '.b',
      '?.c',
      '(',
      ')',
      '!',
      '&&',
      '||',
      '??',
      '==',
      '"x"',
      "'",
      '1',
      ' ',
      '$',
      '\\',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parseExpression(source);
        if (parsed.ok) return;
        expect(parsed.found).not.toBe('');
        expect(parsed.range.start).toBeLessThanOrEqual(parsed.range.end);
        expect(parsed.range.end).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back a tree that was printed', () => {
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Expression>(
          { kind: 'path', root: 'a', steps: ['b'], range: { start: 0, end: 0 } },
          { kind: 'literal', value: 'x y' },
          { kind: 'literal', value: null },
          { kind: 'undefined' },
        ),
        tie('expression').map((operand): Expression => ({ kind: 'not', operand })),
        fc
          .tuple(fc.constantFrom('&&', '||', '??', '==', '!='), tie('expression'), tie('expression'))
          .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right })),
      ),
    }));
    fc.assert(
      fc.property(expression, (one) => {
        expect(tree(show(one))).toBe(show(one));
      }),
    );
  });
});
