// Reads `self=$this.id` and `self=instance`: what stands for the object in the key of a method.
import type { Marker, Option, Range } from '../1-scan/marker.ts';
import { rangeOf } from './option-problems.ts';

export type SelfChoice =
  /** `names`: the names after `this`. */
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly text: string; readonly range: Range }
  | { readonly kind: 'instance'; readonly range: Range }
  /** Neither; `got` is what was written. */
  | { readonly kind: 'bad'; readonly got: string; readonly range: Range };

const PATH = /^\$this((?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*)+)$/u;

/** Undefined: not written. `cached()` calls never have it here, as their object is not known where they are written. */
export function selfOf({ kind, directive }: Marker): SelfChoice | undefined {
  const option = kind === 'comment' ? directive.options.find(({ name }) => name === 'self') : undefined;
  return option && readSelf(option);
}

function readSelf(option: Option): SelfChoice {
  const range = rangeOf(option);
  const { value } = option;
  if (value.kind !== 'text')
    return { kind: 'bad', got: value.kind === 'flag' && !value.on ? '!self' : '', range };
  if (value.text === 'instance') return { kind: 'instance', range };
  const path = PATH.exec(value.text)?.[1];
  if (path === undefined) return { kind: 'bad', got: value.text, range };
  return { kind: 'path', names: path.split(/\??\./).slice(1), text: value.text, range };
}
