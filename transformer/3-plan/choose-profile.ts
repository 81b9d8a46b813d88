// Chooses the profile of a function: the one the marker names, else the one its types and its name suggest.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Place } from '../2-shape/places-of.ts';
import { placesOf } from '../2-shape/places-of.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';
import type { Choice } from './cache-plan.ts';
import { isProfile } from './profiles.ts';
import { harmlessPhrases } from './sensitive-names.ts';
import { dropPhrases, findWords, splitName } from './split-name.ts';

/** The word lists in effect: the built-in ones with the changes of the tsconfig entry. */
export interface ProfileWords {
  readonly sensitiveNames: readonly string[];
  readonly sensitiveFields: readonly string[];
  readonly hotNames: readonly string[];
}

export interface ProfileChoice {
  readonly profile: Choice<EffectiveProfile>;
  /** True when the user wrote no profile. */
  readonly inferred: boolean;
}

/**
 * In this order: the marker; sensitive types and field names; sensitive words in the function's name; hot words in it;
 * else `default`. So `getUser` is secure, not minimal. An unknown profile in the marker (CK1001) counts as not written.
 */
export function chooseProfile(
  written: string | undefined,
  name: string,
  signature: SignatureShape,
  words: ProfileWords,
): ProfileChoice {
  if (written !== undefined && isProfile(written)) {
    return { profile: { value: written, reason: 'marker' }, inferred: false };
  }
  const sensitive = sensitiveReason(name, signature, words);
  if (sensitive !== undefined) return { profile: { value: 'secure', reason: sensitive }, inferred: true };
  const hot = findWords(splitName(name), words.hotNames);
  if (hot !== undefined)
    return { profile: { value: 'minimal', reason: `name word '${hot}'` }, inferred: true };
  return {
    profile: { value: 'default', reason: 'nothing in name or types asks for another' },
    inferred: true,
  };
}

function sensitiveReason(name: string, signature: SignatureShape, words: ProfileWords): string | undefined {
  const isSensitive = fieldTest(words.sensitiveFields);
  for (const place of placesOf(signature.result, signature.refs)) {
    const reason = placeReason(place, isSensitive);
    if (reason !== undefined) return reason;
  }
  // Other profiles store a plain hash of the arguments, from which a credential among them could be guessed.
  for (const param of signature.bound) {
    for (const place of placesOf(param.shape, signature.refs)) {
      const named = { ...place, path: param.name + place.path, property: place.property || param.name };
      const reason = placeReason(named, isSensitive);
      if (reason !== undefined) return `parameter ${reason}`;
    }
  }
  const word = findWords(
    dropPhrases(splitName(name), harmlessBeside(words.sensitiveNames)),
    words.sensitiveNames,
  );
  return word === undefined ? undefined : `name word '${word}'`;
}

const harmlessPhrasesOf = new WeakMap<readonly string[], readonly string[]>();

/**
 * Harmless phrases, except those the build calls sensitive. One array per list, so that `findWords` can cache its
 * words.
 */
function harmlessBeside(sensitive: readonly string[]): readonly string[] {
  const known = harmlessPhrasesOf.get(sensitive);
  if (known !== undefined) return known;
  const harmless = harmlessPhrases.filter((phrase) => !sensitive.includes(phrase));
  harmlessPhrasesOf.set(sensitive, harmless);
  return harmless;
}

const answersOf = new WeakMap<readonly string[], Map<string, boolean>>();

/** Caches its answers, as types repeat property names. */
function fieldTest(fields: readonly string[]): (property: string) => boolean {
  const known = answersOf.get(fields) ?? new Map<string, boolean>();
  answersOf.set(fields, known);
  return (property) => {
    const answer = known.get(property) ?? findWords(splitName(property), fields) !== undefined;
    known.set(property, answer);
    return answer;
  };
}

function placeReason(place: Place, isSensitive: (property: string) => boolean): string | undefined {
  const { shape, path } = place;
  if (shape.sensitive !== undefined) {
    return `${sensitiveTypeText(shape)}${path === '' ? ' as the result' : ` at ${path}`}`;
  }
  // `hasPassword: boolean` does not reveal the password.
  if (place.property === '' || isFlag(shape)) return undefined;
  return isSensitive(place.property) ? `sensitive name at ${path}` : undefined;
}

function isFlag(shape: TypeShape): boolean {
  if (shape.kind === 'union') return shape.arms.every(isFlag);
  if (shape.kind === 'primitive') return ['boolean', 'null', 'undefined'].includes(shape.name);
  return shape.kind === 'literal' && typeof shape.value === 'boolean';
}

/** `Pii<string>`, `Secret<…>`. */
export function sensitiveTypeText(shape: TypeShape): string {
  const inner = shape.kind === 'primitive' ? shape.name : '…';
  return `${shape.sensitive === 'secret' ? 'Secret' : 'Pii'}<${inner}>`;
}
