// The allowed values of each setting, and how a value becomes a field of the descriptor.
import type { OptionValue } from '../1-scan/marker.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { PlannedSettings } from './cache-plan.ts';
import { serializerNames } from './choose-serializer.ts';
import { isNamespace } from './namespace.ts';
import type { SettingName } from './option-names.ts';
import { parseDurationMs } from './parse-duration.ts';
import { parseSizeBytes } from './parse-size.ts';

export interface SettingValue {
  /** A noun phrase for comments; `inCode` is the one for `cached()` where it differs. */
  readonly expected: string;
  readonly inCode?: string;
  readonly example: string | number | boolean;
  /** Undefined: the setting cannot have this value. */
  read(value: OptionValue): PlannedSettings | undefined;
}

/** All settings; `interop` and `self` are allowed in markers only. */
export const settingValues: Readonly<Record<SettingName | 'interop' | 'self', SettingValue>> = {
  ttl: duration('5m', (ttlMs) => ({ ttlMs })),
  swr: duration('1m', (swrMs) => ({ swrMs })),
  'stale-if-error': duration('1h', (staleIfErrorMs) => ({ staleIfErrorMs })),
  'soft-timeout': duration('200ms', (softTimeoutMs) => ({ softTimeoutMs })),
  'refresh-ahead': {
    expected: 'a share of ttl above 0 and below 1, or !refresh-ahead',
    inCode: 'a share of ttl above 0 and below 1, or false',
    example: 0.8,
    read: (value) => {
      if (value.kind === 'flag') return value.on ? undefined : { refreshAhead: false };
      const share = numberOf(value);
      return share !== undefined && share > 0 && share < 1 ? { refreshAhead: share } : undefined;
    },
  },
  'refresh-ttl-on-get': {
    expected: 'no value, or a share of ttl above 0 and below 1',
    inCode: 'true, false, or a share of ttl above 0 and below 1',
    example: 0.5,
    read: (value) => {
      if (value.kind === 'flag') return { refreshTtlOnGet: value.on };
      const share = numberOf(value);
      return share !== undefined && share > 0 && share < 1 ? { refreshTtlOnGet: share } : undefined;
    },
  },
  jitter: {
    expected: 'a share of ttl from 0 to 1',
    example: 0.1,
    read: (value) => {
      const share = numberOf(value);
      return share !== undefined && share >= 0 && share <= 1 ? { jitter: share } : undefined;
    },
  },
  'cache-null': {
    expected: 'no value, !cache-null, or a duration',
    inCode: 'true, false, or a duration',
    example: '30s',
    read: (value) => {
      if (value.kind === 'flag') return { cacheNull: value.on };
      const ms = durationOf(value);
      return ms === undefined ? undefined : { cacheNull: ms };
    },
  },
  namespace: text('a namespace such as reports', 'reports', isNamespace, (namespace) => ({ namespace })),
  version: text('shape, code, none or a text of your own', 'shape', isLabel, (version) => ({ version })),
  serializer: text(
    'std, auto, json, arrow or the id of an own one',
    'auto',
    isSerializerId,
    (serializer) => ({
      serializer,
    }),
  ),
  compress: flag('compress', (compress) => ({ compress })),
  'max-size': {
    expected: 'a size such as 50mb or a number of bytes',
    example: '50mb',
    read: (value) => {
      const written = value.kind === 'number' ? value.value : textOf(value);
      const maxSizeBytes = written === undefined ? undefined : parseSizeBytes(written);
      return maxSizeBytes === undefined ? undefined : { maxSizeBytes };
    },
  },
  backend: text('none, memory, embedded or a configured name', 'memory', isBackendName, (backend) => ({
    backend,
  })),
  l1: flag('l1', (l1) => ({ l1 })),
  lock: flag('lock', (lock) => ({ lock })),
  share: flag('share', (share) => ({ share })),
  integrity: text(
    'hmac',
    'hmac',
    (name) => name === 'hmac',
    () => ({ integrity: 'hmac' }),
  ),
  interop: text(
    'an operation name of [a-z0-9][a-z0-9._-]{0,63} without two dots in a row',
    'get-report',
    isInteropSegment,
    (interop) => ({ interop }),
  ),
  self: text(
    'instance, or a path such as $this.id',
    'instance',
    (name) => name === 'instance',
    () => ({ self: 'instance' }),
  ),
};

/**
 * Names, versions and tags: 1 to 200 printable characters, no white space at the ends, so that people can compare them.
 */
export function isLabel(label: string): boolean {
  return label.length <= 200 && /^[^\p{C}\p{Z}]([^\p{C}]*[^\p{C}\p{Z}])?$/u.test(label);
}

/** A segment of an interop key, by the rules that other languages share. */
export function isInteropSegment(segment: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(segment) && !segment.includes('..');
}

/** Ids of custom serializers are only known at run time, but a near miss of a built-in name is taken for a typo. */
function isSerializerId(id: string): boolean {
  if (serializerNames.some((known) => known === id)) return true;
  return /^[A-Za-z0-9][A-Za-z0-9._/@-]{0,199}$/.test(id) && suggest(id, serializerNames) === undefined;
}

function isBackendName(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(name);
}

function duration(example: string, toSettings: (ms: number) => PlannedSettings): SettingValue {
  return {
    expected: 'a duration such as 5m or 300',
    example,
    read: (value) => {
      const ms = durationOf(value);
      return ms === undefined ? undefined : toSettings(ms);
    },
  };
}

function flag(name: string, toSettings: (on: boolean) => PlannedSettings): SettingValue {
  return {
    expected: `no value (!${name} turns it off)`,
    inCode: 'true or false',
    example: false,
    read: (value) => (value.kind === 'flag' ? toSettings(value.on) : undefined),
  };
}

function text(
  expected: string,
  example: string,
  isValid: (written: string) => boolean,
  toSettings: (written: string) => PlannedSettings,
): SettingValue {
  return {
    expected,
    example,
    read: (value) => {
      const written = textOf(value);
      return written !== undefined && isValid(written) ? toSettings(written) : undefined;
    },
  };
}

function durationOf(value: OptionValue): number | undefined {
  const written = value.kind === 'number' ? value.value : textOf(value);
  return written === undefined ? undefined : parseDurationMs(written);
}

function numberOf(value: OptionValue): number | undefined {
  if (value.kind === 'number') return Number.isFinite(value.value) ? value.value : undefined;
  const written = textOf(value);
  return written !== undefined && /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(written) ? Number(written) : undefined;
}

/** The value as text, list items joined by commas; undefined for flags and code. */
export function textOf(value: OptionValue): string | undefined {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return String(value.value);
  return value.kind === 'list' ? value.items.join(',') : undefined;
}
