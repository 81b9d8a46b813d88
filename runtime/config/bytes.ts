// Parses sizes as people write them: '50mb', or a number of bytes.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** A number of bytes, or text with a unit; 1kb is 1024 bytes. */
export type Bytes = number | `${number}${'kb' | 'mb' | 'gb'}`;

const UNIT_BYTES: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/**
 * Whole bytes, rounded down. `what` names the setting in the error.
 * @throws ERR_CACHEKIT_CONFIG unless finite and >= 1
 */
export function parseBytes(value: unknown, what: string): number {
  const sizeBytes = toBytes(value);
  if (sizeBytes !== undefined && Number.isFinite(sizeBytes) && sizeBytes >= 1) return Math.floor(sizeBytes);
  throw new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    `\`${what}\` is not a size. Write a number of bytes greater than 0, or text such as '50mb' (kb, mb, gb).`,
  );
}

function toBytes(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const parts = /^(\d+(?:\.\d+)?)(kb|mb|gb)$/i.exec(value.trim());
  const unit = UNIT_BYTES[(parts?.[2] ?? '').toLowerCase()];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}
