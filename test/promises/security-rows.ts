// What is promised against somebody who reads and writes the store: each row names the tests that show it.
import type { PromiseRow } from './rows.ts';

const attacks = 'test/integration/attacks.test.ts';
const cipher = 'test/runtime/crypto/aes-gcm.test.ts';

export const securityRows: readonly PromiseRow[] = [
  {
    id: 'S1',
    promise: 'Who reads the store learns no value, argument, name or tag',
    bound: '0 traces in Redis, file, memory',
    file: 'test/promises/values.test.ts',
    test: 'nothing secret is stored in clear',
  },
  {
    id: 'S1b',
    promise: 'Names in store and log are HMACs',
    bound: 'nothing readable, nothing computable',
    file: attacks,
    test: 'tell nothing: neither arguments nor tags, functions or namespaces are readable',
  },
  {
    id: 'S2',
    promise: 'Changed, cut, spliced, moved or weakened entries are misses',
    bound: 'every bit; Redis and embedded',
    file: attacks,
  },
  {
    id: 'S3',
    promise: 'An old entry that is put back is a miss once a newer one was met',
    bound: 'a miss, counted, audited',
    file: 'test/runtime/site/replay.test.ts',
  },
  {
    id: 'S4',
    promise: 'A ciphertext that opens under two keys is refused',
    bound: 'refused under both',
    file: cipher,
    test: 'refuses a ciphertext that AES-GCM alone opens under two keys',
  },
  {
    id: 'S4b',
    promise: 'No trial decryption: an unknown key id is a miss',
    bound: 'one key is tried',
    file: cipher,
    test: 'tries no key but the one that the entry names',
  },
  {
    id: 'S5',
    promise: 'A derived key ends with its messages, its age, its process',
    bound: '2^30 messages, 24 h',
    file: cipher,
    test: 'takes a new salt after its messages, after 24 hours, and in every process',
  },
  {
    id: 'S5b',
    promise: 'A derived key ends with its bytes',
    bound: '2^38 bytes',
    file: cipher,
    test: 'takes a new salt before its bytes are more than they may be',
  },
  {
    id: 'S5c',
    promise: 'No nonce comes twice, whatever the process (npm run nonces: 10^8 from 64)',
    bound: '0 repeats',
    file: 'test/fuzz/nonces.test.ts',
    test: 'no nonce comes twice, in one process or in several',
  },
  {
    id: 'S6',
    promise: 'A plain entry is never taken where encrypted ones are due',
    bound: 'tamper',
    file: 'test/runtime/envelope/entry-codec.test.ts',
    test: 'tamper for a plain entry where encrypted ones are due, even with all names right',
  },
  {
    id: 'S7',
    promise: 'integrity=hmac: plain entries cannot be made up or changed',
    bound: 'every bit, every cut',
    file: 'test/runtime/site/integrity.test.ts',
  },
  {
    id: 'S8',
    promise: 'Hostile bytes: a miss or the right value, at once, in bounds',
    bound: '≤ 50 ms, ≤ 3 × cap, no code, no pattern',
    file: 'test/fuzz/fuzz.test.ts',
  },
  {
    id: 'S9',
    promise: 'Secrets, keys and values appear in no event, log, metric, span, error',
    bound: '0 traces of the canary',
    file: 'test/runtime/observe/canary.test.ts',
  },
  {
    id: 'S9b',
    promise: 'Nor in anything that the command line prints',
    bound: '0 traces of the canary',
    file: 'test/transformer/cli/canary.test.ts',
  },
  {
    id: 'S10',
    promise: 'The number of series of metrics is fixed',
    bound: 'whatever namespaces',
    file: 'test/runtime/adapters/prometheus.test.ts',
    test: 'has a fixed number of series whatever namespaces are made up',
  },
  {
    id: 'S11',
    promise: 'Keys are injective: different calls never share a name',
    bound: '0 collisions',
    file: 'test/runtime/key/encode-args.test.ts',
  },
  {
    id: 'S12',
    promise: 'Weak, textual, cut and published master keys are refused',
    bound: 'every kind',
    file: 'test/runtime/crypto/master-key.test.ts',
  },
  {
    id: 'S12b',
    promise: 'A master key comes from variable, file or function, or calls reject',
    bound: 'every source',
    file: 'test/runtime/site/key-sources.test.ts',
  },
  {
    id: 'S13',
    promise: 'A rotation of master keys costs no valid entry',
    bound: '0 errors, 0 misses',
    file: 'test/runtime/site/rotation.test.ts',
  },
  {
    id: 'S14',
    promise: 'Files of the embedded store are for their owner only',
    bound: '0600 in 0700',
    file: 'test/integration/embedded.test.ts',
    test: 'folder and files belong to their owner alone',
  },
  {
    id: 'S15',
    promise: 'TLS to Redis is verified',
    bound: 'an unknown authority is refused',
    file: 'test/integration/redis-access.test.ts',
    test: 'a certificate of a private authority is refused by a URL, and taken from a client that knows it',
  },
  {
    id: 'S16',
    promise: 'No text of a Redis error reaches a caller',
    bound: 'a kind, no text',
    file: 'test/runtime/adapters/classify-redis-error.test.ts',
  },
  {
    id: 'S17',
    promise: 'Works without code from strings and without __proto__',
    bound: 'every serializer and protection',
    file: 'test/runtime/strict-process.test.ts',
    test: 'everything works without code from strings and without __proto__',
  },
  {
    id: 'S18',
    promise: 'Packages run nothing when they are installed',
    bound: '0 scripts',
    file: 'test/runtime/strict-process.test.ts',
  },
];
