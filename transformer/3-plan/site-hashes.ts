// The two fingerprints of a function: shapeHash of what its entries mean, codeHash also of the code that computes them.
import { createHash } from 'node:crypto';
import { canonicalShape } from '../2-shape/hash-shape.ts';
import type { SignatureShape } from '../2-shape/type-shape.ts';
import type { KeyPlan, PlannedSettings, RulesPlan } from './cache-plan.ts';

/** Tokens of the functions among the options of `cached()`; undefined: there is none. */
export interface OptionTokens {
  readonly key?: string | undefined;
  /** Of `tags` and `tenant`. */
  readonly stored?: string | undefined;
  readonly unless?: string | undefined;
}

export interface HashInput {
  readonly shapeHash: string;
  readonly codeTokens: string;
  readonly tokens: OptionTokens;
  readonly signature: SignatureShape;
  readonly key: KeyPlan;
  readonly settings: PlannedSettings;
  readonly rules: RulesPlan;
}

/** 16 hex digits each. Neither depends on how long entries live or where they are stored. */
export function siteHashes(input: HashInput): { readonly shapeHash: string; readonly codeHash: string } {
  const shapeHash = meaningHash(input, keyedHash(input));
  const unless = textOf(input.rules.unless, input.tokens.unless);
  return {
    shapeHash,
    codeHash: hash16(`${shapeHash}\n${input.codeTokens}${unless && `\nunless ${unless}`}`),
  };
}

// What makes the key is part of both fingerprints, so that an entry made with `key=$a` never answers a call with
// `key=$b`. A key function counts with all code it reaches: after a change, the same key text may mean other arguments.
function keyedHash({ shapeHash, tokens, key, signature }: HashInput): string {
  if (tokens.key !== undefined) return hash16(`${shapeHash}\nkey function\n${tokens.key}`);
  const object = key.parts.filter((part) => part.source === 'this' || part.source === 'instance');
  if (key.identity && object.length === 0) return shapeHash;
  const types = object.map((part) => `\n${canonicalShape(part.shape, signature.refs)}`).join('');
  return hash16(`${shapeHash}\nkey ${key.parts.map((part) => part.text).join(',')}${types}`);
}

// Tags and the tenant rule are part of both fingerprints: an entry stored with other tags would be missed by
// invalidations of the new ones, and one stored under another tenant rule may belong to somebody else.
function meaningHash({ settings, rules, tokens }: HashInput, keyed: string): string {
  const { tags, interop } = settings;
  const meaning = textOf({ tags, interop, rules: rules.tags, tenant: rules.tenant }, tokens.stored);
  return meaning === '' ? keyed : hash16(`${keyed}\nstored ${meaning}`);
}

/** '' when there are neither values nor tokens. */
function textOf(value: object | undefined, tokens: string | undefined): string {
  const text = JSON.stringify(value ?? {});
  return text === '{}' && tokens === undefined ? '' : `${text}${tokens ?? ''}`;
}

function hash16(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
