// Calls of `cached()` → markers, with the same kind of Directive that a comment gives.
import type { Directive, Marker, Option, ScanProblem } from './marker.ts';
import { duplicateOption } from './parse-directive.ts';
import type { CachedCall } from './syntax-reader.ts';

/**
 * Options that are evaluated at run time: for these an expression the build cannot evaluate is as good as a function.
 */
const RUN_TIME = new Set(['key', 'tags', 'when', 'unless', 'tenant', 'batch', 'serializer', 'backend']);

export interface ScannedCall {
  /** Undefined when there is a problem. */
  readonly marker: Marker | undefined;
  /** The marker with the problem, as far as it could be read. */
  readonly refused?: Marker;
  readonly problems: readonly ScanProblem[];
}

export function scanCall(text: string, call: CachedCall): ScannedCall {
  const { directive, problems } = readDirective(text, call);
  const { target } = call;
  if (!target.ok) {
    const { what, range } = target;
    return { marker: undefined, problems: [{ code: 'CK1015', range, args: { what } }, ...problems] };
  }
  // Where no variable holds the result, the function's own name is used: register(cached(async function load() {})).
  const isLiteral = target.target.node.start >= call.range.end && target.target.node.end <= call.argsEnd;
  const qualifiedName = call.boundName ?? (isLiteral ? target.target.qualifiedName : undefined);
  const { argsEnd, argCount, trailingComma } = call;
  const marker: Marker = {
    kind: 'call',
    directive,
    target: {
      ...target.target,
      name: (isLiteral ? identifierIn(call.boundName) : undefined) ?? target.target.name,
      qualifiedName,
      reach: call.boundReach,
    },
    range: call.range,
    call: { argsEnd, argCount, trailingComma },
  };
  return problems.length === 0 ? { marker, problems } : { marker: undefined, refused: marker, problems };
}

/**
 * Last part of the name the result is bound to, as the short name of a function literal, which often has none itself.
 */
function identifierIn(boundName: string | undefined): string | undefined {
  const last = boundName?.split('.').at(-1) ?? '';
  return last !== 'default' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(last) ? last : undefined;
}

function readDirective(
  text: string,
  call: CachedCall,
): { readonly directive: Directive; readonly problems: readonly ScanProblem[] } {
  const problems: ScanProblem[] = [];
  const options: Option[] = [];
  let { profile, profileRange } = call;
  if (call.options === 'dynamic')
    problems.push({
      code: 'CK1018',
      range: call.optionsRange ?? call.range,
      args: { option: 'options', what: 'no object literal' },
    });
  const literal = call.options === 'dynamic' || call.options === undefined ? [] : call.options;
  for (const written of literal) {
    const option: Option = { ...written, name: toKebabCase(written.name) };
    const { value, valueRange } = option;
    if (option.name === 'profile' && value.kind === 'text') {
      if (profile !== undefined) problems.push(duplicateOption(text, 'profile', profileRange, option));
      else [profile, profileRange] = [value.text, valueRange];
      continue;
    }
    const known = options.find((other) => other.name === option.name);
    if (known !== undefined) problems.push(duplicateOption(text, option.name, known.valueRange, option));
    else if (value.kind !== 'dynamic') options.push(option);
    else if (RUN_TIME.has(option.name))
      options.push({ ...option, value: { kind: 'code', text: value.text, range: valueRange } });
    else
      problems.push({
        code: 'CK1018',
        range: valueRange,
        args: { option: written.name, what: `the computed '${value.text}'` },
      });
  }
  return { directive: { profile, profileRange, options }, problems };
}

/** `staleIfError` → `stale-if-error`, as in a comment. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
}
