// Findings about single options, with their fixes.
import type { Marker, Option, OptionValue, Range } from '../1-scan/marker.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { fitNamespace } from './namespace.ts';
import type { OptionName } from './option-names.ts';
import { displayName, optionsOf } from './option-names.ts';
import { profileNames } from './profiles.ts';
import { settingValues, textOf } from './setting-values.ts';

/** The whole option, from its name to the end of its value. */
export function rangeOf(option: Option): Range {
  return {
    start: Math.min(option.nameRange.start, option.valueRange.start),
    end: Math.max(option.nameRange.end, option.valueRange.end),
  };
}

/** The range of `text` itself, when `range` may include quotes around it. */
export function innerRange(range: Range, text: string): Range {
  const quotes = range.end - range.start === text.length + 2 ? 1 : 0;
  return { start: range.start + quotes, end: range.end - quotes };
}

/** CK1001. `own`: names of the build profiles. */
export function unknownProfile(text: string, range: Range, own: readonly string[]): Finding {
  const names = [...profileNames, ...own];
  const suggestion = suggest(text, names);
  const fixes = suggestion === undefined ? [] : [replace(innerRange(range, text), suggestion)];
  return { code: 'CK1001', range, args: { name: text, suggestion, known: names.join(', ') }, fixes };
}

/** CK1002. */
export function unknownOption(option: Option, kind: Marker['kind']): Finding {
  const names = optionsOf(kind).map((name) => displayName(name, kind));
  const name = displayName(option.name, kind);
  const suggestion = suggest(name, names);
  const fixes = suggestion === undefined ? [] : [replace(option.nameRange, suggestion)];
  const args = { name, suggestion, known: names.join(', ') };
  return { code: 'CK1002', range: option.nameRange, args, fixes };
}

/** CK1020. The fix replaces the namespace by the nearest valid one. */
export function badNamespace(option: Option, namespace: string): Finding {
  const fixes = [replace(innerRange(option.valueRange, namespace), fitNamespace(namespace))];
  return { code: 'CK1020', range: option.valueRange, args: { namespace }, fixes };
}

/** CK1018: a value that the build needs but cannot evaluate. */
export function notStatic(option: Option, kind: Marker['kind']): Finding {
  const { value } = option;
  const what = value.kind === 'dynamic' ? `the computed '${value.text}'` : 'a function or object';
  const args = { option: displayName(option.name, kind), what };
  return { code: 'CK1018', range: option.valueRange, args };
}

/** What options that are no settings expect in a comment, with an example. */
const IN_COMMENT: Readonly<Partial<Record<OptionName, readonly [expected: string, example: string]>>> = {
  profile: ['the name of a profile', 'profile=production'],
  name: ['printable text of at most 200 characters', 'name=users/get'],
  key: ['paths of parameters such as $id,$opts.page, or const', 'key=$id'],
  ignore: ['names of parameters', 'ignore=log'],
  tags: ['tags with paths in them, such as report:$id', 'tags=report:$id'],
  tenant: ['a path such as $orgId', 'tenant=$orgId'],
  when: ['a condition on the parameters', 'when="opts.fresh != true"'],
  unless: ['a condition on result and parameters', 'unless="result.rows.length == 0"'],
};
/** The same for `cached()`. */
const IN_CODE: typeof IN_COMMENT = {
  profile: ['the name of a profile', "profile: 'production'"],
  name: ['printable text of at most 200 characters', "name: 'users/get'"],
  key: ['a function of the arguments', 'key: (id) => id'],
  tags: ['a list of texts, or a function of result and arguments', 'tags: (report, id) => [`report:${id}`]'],
  tenant: ['a function of the arguments', 'tenant: (orgId) => orgId'],
  when: ['a function of the arguments', 'when: (id, opts) => opts.fresh !== true'],
  unless: ['a function of result and arguments', 'unless: (result) => result.rows.length === 0'],
  self: ["'instance'", "self: 'instance'"],
  batch: ['a function of a list of arguments', 'batch: (list) => loadMany(list)'],
};

/** CK1003: a value of the wrong type or range. */
export function badValue(option: Option, name: OptionName, kind: Marker['kind']): Finding {
  const [expected, example] = expectationOf(name, kind);
  const args = { option: displayName(name, kind), expected, got: writtenValue(name, option.value), example };
  return { code: 'CK1003', range: rangeOf(option), args };
}

function expectationOf(name: OptionName, kind: Marker['kind']): readonly [expected: string, example: string] {
  const words = (kind === 'call' ? IN_CODE : IN_COMMENT)[name];
  if (words !== undefined) return words;
  const setting = settingValues[name as keyof typeof settingValues]; // every other option is a setting: a test holds it
  const expected = kind === 'call' ? (setting.inCode ?? setting.expected) : setting.expected;
  const { example } = setting;
  if (kind === 'call') {
    const value = typeof example === 'string' ? `'${example}'` : String(example);
    return [expected, `${displayName(name, kind)}: ${value}`];
  }
  return [expected, example === false ? `!${name}` : `${name}=${example}`];
}

/** '' for a bare option. */
function writtenValue(name: OptionName, value: OptionValue): string {
  if (value.kind === 'flag') return value.on ? '' : `!${name}`;
  return textOf(value) ?? '';
}

function replace(range: Range, text: string): Fix {
  return { title: `Replace by '${text}'`, edits: [{ ...range, text }] };
}
