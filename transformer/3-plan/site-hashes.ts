// The two fingerprints of a function: of what an entry means, and of the code that makes it.
import { createHash } from 'node:crypto';
import { canonicalShape } from '../2-shape/hash-shape.ts';
import type { SignatureShape } from '../2-shape/type-shape.ts';
import type { KeyPlan, PlannedSettings, RulesPlan } from './cache-plan.ts';

/** Tokens of the functions that `cached()` is given; undefined: there is none. */
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

/** 16 hex digits each. How long entries live and where they are is in neither. */
export function siteHashes(input: HashInput): { readonly shapeHash: string; readonly codeHash: string } {
  const shapeHash = meaningHash(input, keyedHash(input));
  const unless = textOf(input.rules.unless, input.tokens.unless);
  return {
    shapeHash,
    codeHash: hash16(`${shapeHash}\n${input.codeTokens}${unless && `\nunless ${unless}`}`),
  };
}

// Entries of `key=$a` must never answer for `key=$b`: what makes the key is part of both fingerprints. A key function
// counts with everything it reaches: after a change in it, one key text may mean other arguments.
function keyedHash({ shapeHash, tokens, key, signature }: HashInput): string {
  if (tokens.key !== undefined) return hash16(`${shapeHash}\nkey function\n${tokens.key}`);
  const object = key.parts.filter((part) => part.source === 'this' || part.source === 'instance');
  if (key.identity && object.length === 0) return shapeHash;
  const types = object.map((part) => `\n${canonicalShape(part.shape, signature.refs)}`).join('');
  return hash16(`${shapeHash}\nkey ${key.parts.map((part) => part.text).join(',')}${types}`);
}

// An entry that was stored with other tags is out of reach for an invalidation by the new ones; one of another rule for
// tenants belongs to somebody else.
function meaningHash({ settings, rules, tokens }: HashInput, keyed: string): string {
  const { tags, interop } = settings;
  const meaning = textOf({ tags, interop, rules: rules.tags, tenant: rules.tenant }, tokens.stored);
  return meaning === '' ? keyed : hash16(`${keyed}\nstored ${meaning}`);
}

/** '' when nothing is said. */
function textOf(value: object | undefined, tokens: string | undefined): string {
  const text = JSON.stringify(value ?? {});
  return text === '{}' && tokens === undefined ? '' : `${text}${tokens ?? ''}`;
}

function hash16(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
