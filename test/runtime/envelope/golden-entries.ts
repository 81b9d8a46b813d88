// The frozen entries of fixtures/vectors/frame-v1.json: how each is made. A change of any of them is a change of the
// stored format. Run `node test/runtime/envelope/golden-entries.ts` to write the file for a new frame version.
import { writeFile } from 'node:fs/promises';
import type { EntryCodecOptions } from '../../../runtime/envelope/entry-codec.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import type { Serializer } from '../../../runtime/serializer/serializer.ts';
import {
  ada,
  encodeOrFail,
  keyText,
  longAda,
  personCodec,
  times,
  vectorCipher,
  vectorSigner,
  type Person,
  vectorKey,
} from './samples.ts';

export const goldenFile = new URL('../../../fixtures/vectors/frame-v1.json', import.meta.url);

const modes = [
  'plain',
  'compressed',
  'encrypted',
  'encrypted compressed',
  'signed',
  'signed compressed',
] as const;

export type GoldenMode = (typeof modes)[number];

export interface GoldenEntry {
  readonly name: string;
  readonly serializer: string;
  readonly mode: GoldenMode;
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
  const entries = ['std', 'auto', 'json', 'arrow'].flatMap((serializer) =>
    modes.flatMap((mode) => [false, true].map((tagged) => makeEntry(serializer, mode, tagged))),
  );
  for (const mode of modes) entries.push(makeEntry('upside-down', mode, false));
  return {
    about:
      'Stored entries of frame version 1 (docs/spec/frame.md, docs/spec/encryption.md). Bytes are hexadecimal. The serializer `upside-down` is an own one: JSON with `photo` as hexadecimal, backwards. The value has a number `id`, a string `name`, a Uint8Array `photo` and, in tagged entries, a string `extra`.',
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

/** Options of the codec that writes and reads a mode. */
export function protectionOf(
  mode: GoldenMode,
  random?: (sizeBytes: number) => Buffer,
): Pick<EntryCodecOptions, 'cipher' | 'signer'> {
  if (mode.startsWith('encrypted')) return { cipher: vectorCipher(random) };
  return mode.startsWith('signed') ? { signer: vectorSigner() } : {};
}

export const upsideDown: Serializer = {
  id: 'upside-down',
  serialize: (value) => {
    const { id, name, photo } = value as Person; // the only type it is used for
    return Buffer.from(JSON.stringify({ id, name, photo: Buffer.from(photo).toString('hex') })).reverse();
  },
  deserialize: (bytes) => {
    const { photo, ...rest } = JSON.parse(Buffer.from(bytes).reverse().toString()) as { photo: string };
    return { ...rest, photo: new Uint8Array(Buffer.from(photo, 'hex')) };
  },
};

function makeEntry(serializer: string, mode: GoldenEntry['mode'], tagged: boolean): GoldenEntry {
  const person = mode.endsWith('compressed') ? longAda : ada;
  const value = tagged ? { ...person, extra: 'ü' } : person;
  const codec = personCodec({
    ...protectionOf(mode, fixedRandom),
    serializer: serializer === upsideDown.id ? upsideDown : serializer,
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
