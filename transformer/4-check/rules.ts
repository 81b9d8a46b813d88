// All rules, in the order of their findings.
import { buildIsSound } from './build-is-sound.ts';
import { functionIsCacheable } from './function-is-cacheable.ts';
import { idIsUnique } from './id-is-unique.ts';
import { paramsAreKeyable } from './params-are-keyable.ts';
import { resultIsStorable } from './result-is-storable.ts';
import type { Rule } from './rule.ts';
import { scopeIsInKey } from './scope-is-in-key.ts';
import { secretsAreEncrypted } from './secrets-are-encrypted.ts';

export const rules: readonly Rule[] = [
  buildIsSound,
  idIsUnique,
  functionIsCacheable,
  resultIsStorable,
  paramsAreKeyable,
  scopeIsInKey,
  secretsAreEncrypted,
];
