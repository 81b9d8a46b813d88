// Findings about single options, with the edits that repair them.
import type { Marker, Option, Range } from '../1-scan/marker.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { fitNamespace } from './namespace.ts';
import type { OptionName } from './option-names.ts';
import { displayName, optionsOf } from './option-names.ts';
import { profileNames } from './profiles.ts';

/** From the name to the end of the value. */
export function rangeOf(option: Option): Range {
  return {
    start: Math.min(option.nameRange.start, option.valueRange.start),
    end: Math.max(option.nameRange.end, option.valueRange.end),
  };
}

/** The place of a text that may stand in quotes. */
export function innerRange(range: Range, text: string): Range {
  const quotes = range.end - range.start === text.length + 2 ? 1 : 0;
  return { start: range.start + quotes, end: range.end - quotes };
}

export function unknownProfile(text: string, range: Range): Finding {
  const suggestion = suggest(text, profileNames);
  const fixes = suggestion === undefined ? [] : [replace(innerRange(range, text), suggestion)];
  const known = profileNames.join(', ');
  return { code: 'CK1001', range, args: { name: text, suggestion, known }, fixes };
}

export function unknownOption(option: Option, kind: Marker['kind']): Finding {
  const names = optionsOf(kind).map((name) => displayName(name, kind));
  const name = displayName(option.name, kind);
  const suggestion = suggest(name, names);
  const fixes = suggestion === undefined ? [] : [replace(option.nameRange, suggestion)];
  const args = { name, suggestion, known: names.join(', ') };
  return { code: 'CK1002', range: option.nameRange, args, fixes };
}

export function badNamespace(option: Option, namespace: string): Finding {
  const fixes = [replace(innerRange(option.valueRange, namespace), fitNamespace(namespace))];
  return { code: 'CK1020', range: option.valueRange, args: { namespace }, fixes };
}

/** A value that the build needs and cannot see. */
export function notStatic(option: Option): Finding {
  const { value } = option;
  const what = value.kind === 'dynamic' ? `the computed '${value.text}'` : 'a function or object';
  return { code: 'CK1018', range: option.valueRange, args: { option: option.name, what } };
}

const EXPECTED: Readonly<Record<OptionName, readonly [what: string, example: string]>> = {
  ttl: ['a duration such as 5m or 300', '5m'],
  namespace: ['a namespace', 'reports'],
  name: ['printable text of at most 200 characters', 'users/get'],
  key: ['paths of parameters such as $id,$opts.page, or const', '$id'],
  ignore: ['names of parameters', 'log'],
  serializer: ['std, auto or json', 'auto'],
  version: ['shape, code, none or a text of your own', 'shape'],
  backend: ['none, memory, embedded or a configured name', 'memory'],
};

/** `got`: what was written; '' for a bare key. */
export function badValue(option: Option, name: OptionName, got: string, kind: Marker['kind']): Finding {
  const range = rangeOf(option);
  if (kind === 'call' && name === 'key') {
    const expected = 'a function of the arguments';
    return { code: 'CK1003', range, args: { option: name, expected, got, example: 'key: (id) => id' } };
  }
  const [expected, value] = EXPECTED[name];
  const example = kind === 'call' ? `${name}: '${value}'` : `${name}=${value}`;
  return { code: 'CK1003', range, args: { option: name, expected, got, example } };
}

function replace(range: Range, text: string): Fix {
  return { title: `Replace by '${text}'`, edits: [{ ...range, text }] };
}
