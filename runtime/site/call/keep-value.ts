// Decides which values are cached and in which form: a copy that nobody else has a reference to.
import type { SiteSettings } from '../../config/site-settings.ts';
import type { ValueOps } from '../../contract/value-kit.ts';
import type { Built, DiscardReason } from '../../entry/entry.ts';
import { isPrimitive } from '../../memory/entry-index.ts';
import { notice } from '../../observe/notice.ts';
import { isObserved, publish } from '../../observe/publish.ts';
import { siteFields } from '../../observe/stats.ts';
import { copyValue } from '../../value/copy-value.ts';
import { findMisfit } from '../../value/find-misfit.ts';
import { deepFreeze } from '../../value/deep-freeze.ts';
import { inspectValue, type UnstorableReason } from '../../value/inspect-value.ts';
import type { Content, SiteCore } from '../site-core.ts';

/**
 * The copy of a value that memory keeps. A value of exactly the declared type is copied by the generated function. One
 * with further properties, or with properties in another order, is copied generically and stored in tagged form. Any
 * other value is not of its declared type and could come back different: undefined.
 */
export function keepValue(core: SiteCore, settings: SiteSettings, value: unknown): Content | undefined {
  const kept = tryKeep(core, value);
  return typeof kept === 'string' ? undefined : asShared(settings, kept);
}

/** The same for a result of the function. If it is not kept, a notice and an event say why. */
export function keepResult(core: SiteCore, settings: SiteSettings, value: unknown): Content | undefined {
  const kept = tryKeep(core, value);
  if (typeof kept !== 'string') return asShared(settings, kept);
  // Before `discard`, which gives a more general notice: of two notices about one function only the first is shown.
  if (kept === 'class') sayInstance(core);
  if (kept === 'type') sayMisfit(core, value);
  discard(core, 'unstorable');
  return undefined;
}

/** The same for a decoded value. One that our own decoder built is kept without checks and without a copy. */
export function keepDecoded(
  core: SiteCore,
  settings: SiteSettings,
  value: unknown,
  built: Built | undefined,
): Content | undefined {
  if (built === undefined) return keepValue(core, settings, value); // from a custom serializer, which may still hold it
  const { sizeBytes } = built;
  if (isPrimitive(value)) return { value, copy: undefined, sizeBytes };
  const ops = core.values;
  if (!built.exact || ops?.copy === undefined)
    return asShared(settings, { value, copy: genericCopy(ops), sizeBytes });
  const copy = ops.copy as (value: unknown) => unknown; // decode gives what copy takes
  if (ops.declared?.coded !== undefined && !canCopy(copy, value)) return undefined;
  return asShared(settings, { value, copy: copyOrFreeze(ops, value), sizeBytes });
}

/** How callers get the value: frozen and shared if its type is immutable, otherwise a copy for each. */
function copyOrFreeze(ops: ValueOps, value: unknown): ((value: unknown) => unknown) | undefined {
  if (ops.immutable === true) {
    deepFreeze(value);
    return undefined;
  }
  return ops.copy as (value: unknown) => unknown; // the value is of the type that copy takes
}

/** Tries the copy once. It runs class codecs of the user, and must work for each hit. */
function canCopy(copy: (value: unknown) => unknown, value: unknown): boolean {
  try {
    copy(value);
    return true;
  } catch {
    return false;
  }
}

/** `share`: one frozen value instead of copies. A value that cannot be frozen is copied after all. */
function asShared(settings: SiteSettings, content: Content): Content {
  const { value, copy, sizeBytes } = content;
  if (!settings.share || copy === undefined) return content;
  const shared = copy(value);
  return deepFreeze(shared) ? { value: shared, copy: undefined, sizeBytes } : content;
}

function tryKeep(core: SiteCore, value: unknown): Content | UnstorableReason | 'type' {
  try {
    const inspected = inspectValue(value, core.values?.declared?.coded);
    if (!inspected.ok) return inspected.reason;
    const { sizeBytes } = inspected;
    const ops = core.values;
    if (isPrimitive(value)) {
      return ops === undefined || ops.accepts(value) ? { value, copy: undefined, sizeBytes } : 'type';
    }
    if (ops?.copy !== undefined && ops.accepts(value)) {
      const copy = ops.copy as (value: unknown) => unknown; // accepts took the value
      const kept = copy(value);
      if (ops.declared?.coded !== undefined && !canCopy(copy, kept)) return 'unreadable';
      return { value: kept, copy: copyOrFreeze(ops, kept), sizeBytes };
    }
    if (ops !== undefined && !ops.accepts(value, true)) return 'type';
    if (ops !== undefined) core.counters.fallbacks++;
    const copy = genericCopy(ops);
    return { value: copy(value), copy, sizeBytes };
  } catch {
    return 'unreadable'; // reading the value threw
  }
}

const codedCopies = new WeakMap<ValueOps, (value: unknown) => unknown>();

/** One copy function per site rather than per value, so that entries share it. */
function genericCopy(ops: SiteCore['values']): (value: unknown) => unknown {
  const coded = ops?.declared?.coded;
  if (ops === undefined || coded === undefined) return copyValue;
  let copy = codedCopies.get(ops);
  if (copy === undefined) {
    copy = (value) => copyValue(value, coded);
    codedCopies.set(ops, copy);
  }
  return copy;
}

/** Reports why a value was not stored: as an event, and once per function as a notice if its code should change. */
export function discard(core: SiteCore, reason: DiscardReason): void {
  if (isObserved('cachekit:discard')) publish('cachekit:discard', { ...siteFields(core), reason });
  if (reason === 'unstorable')
    sayUnstorable(core, 'is not of its declared type or cannot be stored, so it is returned but not cached.');
  if (reason === 'too-large') sayTooLarge(core);
}

function sayTooLarge({ descriptor: { id } }: SiteCore): void {
  notice(
    'CACHEKIT_UNSTORABLE',
    `A result of \`${id}\` is larger than its maxSize, or has more than 1,000,000 values, so it is returned but not cached.`,
    `too-large ${id}`,
  );
}

/** A mistake that the type checker allows: plain objects and instances of a class can have the same type. */
function sayInstance(core: SiteCore): void {
  sayUnstorable(
    core,
    'is or holds an instance of a class. Instances are returned but not cached; return a plain object.',
  );
}

/** The most common reason: a driver or a server sent something else than the type says, such as a Date as text. */
function sayMisfit(core: SiteCore, value: unknown): void {
  const { values } = core;
  if (values === undefined) return;
  sayUnstorable(core, () => {
    const where = findMisfit(values.accepts, value);
    return `does not fit its declared type: ${where}. It is returned but not cached; correct the type, or convert the value.`;
  });
}

function sayUnstorable(core: SiteCore, what: string | (() => string)): void {
  const { id } = core.descriptor;
  const message = (): string => `A result of \`${id}\` ${typeof what === 'string' ? what : what()}`;
  notice('CACHEKIT_UNSTORABLE', message, `unstorable ${id}`);
}
