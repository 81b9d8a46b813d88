// What the compiler promises: each row names the tests that show it.
import type { PromiseRow } from './rows.ts';

const unit = 'test/transformer';

export const compilerRows: readonly PromiseRow[] = [
  {
    id: 'G1',
    promise: 'Every option is read in a comment and in cached(), or refused',
    bound: 'all options, all misuses',
    file: `${unit}/3-plan/parse-settings-values.test.ts`,
  },
  {
    id: 'G2',
    promise: 'The parser of markers ends on any text',
    bound: 'a setting or a problem each',
    file: `${unit}/3-plan/parse-settings.test.ts`,
  },
  {
    id: 'G3',
    promise: 'Templates and conditions are read and checked against the types',
    bound: 'every form',
    file: `${unit}/3-plan/plan-rules.test.ts`,
  },
  {
    id: 'G4',
    promise: 'Options that exclude each other are refused',
    bound: 'every pair',
    file: `${unit}/3-plan/option-conflicts.test.ts`,
  },
  {
    id: 'G5',
    promise: '@cacheInvalidate is checked against its target and runs after success',
    bound: 'every form of target',
    file: `${unit}/host/writers.test.ts`,
  },
  {
    id: 'G6',
    promise: 'The mistakes of a new user are told what, where and how to fix',
    bound: '20 and more',
    file: `${unit}/wrong-marks.test.ts`,
  },
  {
    id: 'F1',
    promise: 'The page of source forms is what the compiler does',
    bound: 'every form in every kind of file',
    file: 'test/docs/source-forms.test.ts',
  },
  {
    id: 'K1',
    promise: 'Generated keys are injective, for arguments made from random shapes',
    bound: '0 collisions, 0 splits',
    file: `${unit}/5-generate/write-keys.test.ts`,
  },
  {
    id: 'K2',
    promise: 'What of `this` decides the result is in the key, or the build says so',
    bound: 'every way to read it',
    file: `${unit}/this-keys.test.ts`,
  },
  {
    id: 'K3',
    promise: 'Hidden inputs and side effects are told',
    bound: 'clock, environment, state, output',
    file: `${unit}/host/effects.test.ts`,
  },
  {
    id: 'T1',
    promise: 'Generated codecs, guards and copies are exact, for random shapes and values',
    bound: 'equal values, equal prototypes',
    file: `${unit}/5-generate/write-value.test.ts`,
  },
  {
    id: 'T2',
    promise: 'Every type is read: recursive, mapped, conditional, branded, from libraries',
    bound: 'right, or a diagnostic',
    file: `${unit}/host/ts6-types.test.ts`,
  },
  {
    id: 'T3',
    promise: 'Fingerprints change with what counts, and with nothing else',
    bound: 'the listed changes and invariances',
    file: `${unit}/2-shape/hash-shape.test.ts`,
  },
  {
    id: 'T4',
    promise: 'An edit to a callee changes exactly the functions that reach it',
    bound: 'no more, no fewer',
    file: `${unit}/host/code-tokens.test.ts`,
  },
  {
    id: 'T5',
    promise: 'Profiles follow names, personal types and fields',
    bound: 'every word list',
    file: `${unit}/3-plan/choose-profile.test.ts`,
  },
  {
    id: 'W1',
    promise: 'Mutating callers, dead tags, nested lifetimes, secure inside shared are told',
    bound: 'in check and build',
    file: `${unit}/cli/whole-program.test.ts`,
  },
  {
    id: 'W2',
    promise: 'The manifest is deterministic and tells what a change means for entries',
    bound: 'ids, shapes',
    file: `${unit}/host/manifest.test.ts`,
  },
  {
    id: 'W3',
    promise: 'check, explain, ls, verify, doctor, init do what they say',
    bound: 'output and exit codes',
    file: `${unit}/cli/tools.test.ts`,
  },
  {
    id: 'W4',
    promise: 'Fuzzed syntax never crashes the reader',
    bound: 'an answer each',
    file: `${unit}/host/ts6-syntax-fuzz.test.ts`,
  },
];
