// Formats the report of `cachekit inspect`.
import { inspect as print } from 'node:util';
import type { EntryHeader, EntryReport } from '../../runtime/inspect/inspect-entry.ts';
import type { InteropFacts } from '../../runtime/inspect/inspect-interop.ts';
import type { PythonFacts } from '../../runtime/inspect/inspect-python.ts';

/** @param key the stored key that the entry was read from, if any. */
export function inspectLines(report: EntryReport, key: string | undefined): readonly string[] {
  const { header, interop, python, refused, totalBytes } = report;
  return [
    ...(key === undefined ? [] : [`key         ${key}`]),
    `size        ${totalBytes} bytes`,
    ...(header === undefined ? [] : headerLines(header)),
    ...(interop === undefined ? [] : interopLines(interop)),
    ...(python === undefined ? [] : pythonLines(python)),
    refused === undefined
      ? `state       ${stateOf(report)}`
      : `state       refused: ${refused} (${REASONS[refused]})`,
    ...('value' in report ? [valueLine(report)] : []),
    ...(report.unopened === undefined ? [] : [`value       ${report.unopened}`]),
  ];
}

function valueLine({ value, named }: EntryReport): string {
  const unnamed = named === false ? 'parts by position, for no manifest names them: ' : '';
  return `value       ${unnamed}${print(value, { depth: 20, maxArrayLength: 1000 })}`;
}

function headerLines(header: EntryHeader): readonly string[] {
  const { rawBytes, bodyBytes, keyId, softExpiryMs, hardExpiryMs } = header;
  return [
    `body        ${bodyBytes} bytes, ${rawBytes} before ${header.compressed ? 'compression (LZ4)' : 'storing, not compressed'}`,
    `serializer  ${header.serializer}, ${header.form} form`,
    `protection  ${keyId === undefined ? 'checksum (XXH64)' : `${header.signed ? 'HMAC-SHA-256' : 'AES-256-GCM'}, master key ${keyId}`}`,
    `stored      ${iso(header.storedAtMs)}, ${seconds(header.ageMs)} ago`,
    ...(softExpiryMs === hardExpiryMs ? [] : [`fresh until ${iso(softExpiryMs)}`]),
    `expires     ${iso(hardExpiryMs)}, ${header.expiresInMs < 0 ? `${seconds(-header.expiresInMs)} ago` : `in ${seconds(header.expiresInMs)}`}`,
    `shape       ${header.shape}`,
    `key tag     ${header.keyTag}`,
  ];
}

function interopLines({ protection, keyId, record, times }: InteropFacts): readonly string[] {
  const protections = {
    none: 'none',
    encrypted: `AES-256-GCM, master key ${keyId ?? ''}`,
    unknown: 'no document: encrypted, or damaged',
  };
  const records = {
    none: 'none: another library wrote the entry, or its time is over',
    fits: 'fits the entry',
    other: 'about another entry, or of another key: another library wrote this one',
  };
  return [
    'format      interop/v1',
    `protection  ${protections[protection]}`,
    `record      ${records[record]}`,
    ...(times === undefined
      ? []
      : [`stored      ${iso(times.storedAtMs)}`, `expires     ${iso(times.hardExpiryMs)}`]),
  ];
}

function pythonLines(facts: PythonFacts): readonly string[] {
  const { payloadBytes, rawBytes, originalType, keyFingerprint } = facts;
  return [
    'format      the Python library',
    `body        ${payloadBytes} bytes${rawBytes === undefined ? '' : `, ${rawBytes} before compression (LZ4)`}`,
    `serializer  ${facts.serializer}, ${originalType ?? facts.format}`,
    ...(facts.encrypted ? [`protection  AES-256-GCM, key ${keyFingerprint ?? 'not named'}`] : []),
  ];
}

function stateOf({ interop, python }: EntryReport): string {
  if (python !== undefined) return 'well formed; its checksum (XXH3) was not computed';
  return interop?.protection === 'unknown' ? 'cannot be told without its master key' : 'whole';
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 1000)}s`;
}

const REASONS: Readonly<Record<NonNullable<EntryReport['refused']>, string>> = {
  'not-an-entry': 'these bytes are not from cachekit',
  checksum: 'it is damaged or cut off',
  version: 'another version of cachekit wrote it',
  expired: 'its time is over, or its writer had a clock far ahead',
  'other-key': 'it was stored under another key',
  'unknown-key': 'its master key is not among those given',
  tamper: 'it is not as it was sealed, or the logical key is another one',
  decode: 'its body is not what its header says',
  'too-large': 'it declares more than can be read',
  shape: 'the types changed',
  superseded: 'a newer entry took its place',
  replayed: 'a process had met a newer one',
  unstorable: 'it could not be stored',
};
