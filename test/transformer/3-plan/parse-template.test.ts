// Templates of tags and tenants.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, pathText } from '../../../transformer/3-plan/parse-template.ts';

const parts = (text: string) => {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return `${parsed.problem} ${text.slice(parsed.range.start, parsed.range.end)}`;
  return parsed.parts.map((part) =>
    typeof part === 'string'
      ? part
      : [pathText(part), ...(part.fallback === undefined ? [] : [part.fallback])],
  );
};

describe('a template', () => {
  it.each([
    ['reports', ['reports']],
    ['report:$id', ['report:', ['$id']]],
    ['$id', [['$id']]],
    ['$a$b', [['$a'], ['$b']]],
    ['org:$opts.org??none', ['org:', ['$opts.org', 'none']]],
    ['org:$opts?.org??none:x', ['org:', ['$opts.org', 'none'], ':x']],
    ['$id-$opts.page/x', [['$id'], '-', ['$opts.page'], '/x']],
    ['a.$id.', ['a.', ['$id'], '.']],
    ['what?', ['what?']],
    ['$id?', [['$id'], '?']],
    ['$größe', [['$größe']]],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it.each([
    ['user:$', "Empty path after '$' $"],
    ['$$id', "Empty path after '$' $"],
    ['$1', "Empty path after '$' $"],
    ['${id}', "Empty path after '$' $"],
    ['org:$org??', "Nothing after '??' ??"],
    ['org:$org??:x', "Nothing after '??' ??"],
  ])('refuses %s', (text, expected) => {
    expect(parts(text)).toBe(expected);
  });

  it('answers for any text, and keeps all of it', () => {
    const piece = fc.constantFrom('$', 'a', '.b', '??', 'none', ':', ' ', '?', '1');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parseTemplate(source);
        const found = parsed.ok ? parsed.parts : [source];
        const end = parsed.ok ? source.length : parsed.range.end;
        const again = found.map((part) => {
          if (typeof part === 'string') return part;
          const { start, end } = part.range;
          return source.slice(start, end) + (part.fallback === undefined ? '' : `??${part.fallback}`);
        });
        expect(again.join('')).toBe(source);
        expect(end).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 2000 },
    );
  });
});
