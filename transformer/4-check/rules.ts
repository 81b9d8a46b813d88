// All rules for one function, in the order of their findings.
import { buildIsSound } from './build-is-sound.ts';
import { failuresAreNotStored } from './failures-are-not-stored.ts';
import { functionIsCacheable } from './function-is-cacheable.ts';
import { idIsUnique } from './id-is-unique.ts';
import { inputsAreInKey } from './inputs-are-in-key.ts';
import { interopFits } from './interop-fits.ts';
import { keyFunctionIsRight } from './key-function-is-right.ts';
import { namesFit } from './names-fit.ts';
import { paramsAreInKey } from './params-are-in-key.ts';
import { paramsAreKeyable } from './params-are-keyable.ts';
import { resultIsStorable } from './result-is-storable.ts';
import { resultIsWorthKeeping } from './result-is-worth-keeping.ts';
import type { Rule } from './rule.ts';
import { scopeIsInKey } from './scope-is-in-key.ts';
import { secretsAreEncrypted } from './secrets-are-encrypted.ts';
import { secretsNotInKey } from './secrets-not-in-key.ts';

export const rules: readonly Rule[] = [
  buildIsSound,
  idIsUnique,
  functionIsCacheable,
  resultIsStorable,
  failuresAreNotStored,
  paramsAreKeyable,
  interopFits,
  scopeIsInKey,
  secretsAreEncrypted,
  secretsNotInKey,
  keyFunctionIsRight,
  inputsAreInKey,
  paramsAreInKey,
  resultIsWorthKeeping,
  namesFit,
];
