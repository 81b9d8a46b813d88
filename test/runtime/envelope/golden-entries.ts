// The frozen entries of fixtures/vectors/frame-v1.json: how each is made. A change of any of them is a change of the
// stored format. Run `node test/runtime/envelope/golden-entries.ts` to write the file for a new frame version.
import { writeFile } from 'node:fs/promises';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import {
  ada,
  encodeOrFail,
  keyText,
  longAda,
  personCodec,
  times,
  vectorCipher,
  vectorKey,
} from './samples.ts';

export const goldenFile = new URL('../../../fixtures/vectors/frame-v1.json', import.meta.url);

export interface GoldenEntry {
  readonly name: string;
  readonly serializer: string;
  readonly mode: 'plain' | 'compressed' | 'encrypted';
  /** Further properties than the type declares: the whole value in tagged form. */
  readonly tagged: boolean;
  readonly storedKey: string;
  readonly value: {
    readonly id: number;
    readonly name: string;
    readonly photo: string;
    readonly extra?: string;
  };
  readonly entry: string;
}

export interface GoldenFile {
  readonly about: string;
  readonly call: Readonly<
    Record<'keyPrefix' | 'namespace' | 'siteId' | 'versionText' | 'keyText' | 'shape', string>
  >;
  readonly times: typeof times;
  readonly encryption: {
    readonly masterKey: string;
    readonly tenant: string;
    readonly salt: string;
    readonly nonce: string;
  };
  readonly entries: readonly GoldenEntry[];
}

const salt = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const nonce = 'b0b1b2b3b4b5b6b7b8b9babb';
const fixedRandom = (sizeBytes: number): Buffer => Buffer.from(sizeBytes === 16 ? salt : nonce, 'hex');

/** Needs `loadCodecs()` to have resolved. */
export function makeGoldenFile(): GoldenFile {
  const modes = ['plain', 'compressed', 'encrypted'] as const;
  const entries = ['std', 'auto', 'json'].flatMap((serializer) =>
    modes.flatMap((mode) => [false, true].map((tagged) => makeEntry(serializer, mode, tagged))),
  );
  return {
    about:
      'Stored entries of frame version 1 (docs/spec/frame.md, docs/spec/encryption.md). Bytes are hexadecimal. The value has a number `id`, a string `name`, a Uint8Array `photo` and, in tagged entries, a string `extra`.',
    call: {
      keyPrefix: 'ck1',
      namespace: 'shop',
      siteId: 'shop/src/person#getPerson',
      versionText: 's:0123456789abcdef',
      keyText,
      shape: '0123456789abcdef',
    },
    times,
    encryption: { masterKey: vectorKey, tenant: 'default', salt, nonce },
    entries,
  };
}

function makeEntry(serializer: string, mode: GoldenEntry['mode'], tagged: boolean): GoldenEntry {
  const person = mode === 'compressed' ? longAda : ada;
  const value = tagged ? { ...person, extra: 'ü' } : person;
  const codec = personCodec({
    serializer,
    cipher: mode === 'encrypted' ? vectorCipher(fixedRandom) : undefined,
  });
  return {
    name: `${serializer} ${mode}${tagged ? ' tagged' : ''}`,
    serializer,
    mode,
    tagged,
    storedKey: codec.storedKey(keyText),
    value: { ...value, photo: Buffer.from(value.photo).toString('hex') },
    entry: encodeOrFail(codec, value).toString('hex'),
  };
}

if (import.meta.main) {
  await loadCodecs();
  await writeFile(goldenFile, `${JSON.stringify(makeGoldenFile(), undefined, 2)}\n`);
}
