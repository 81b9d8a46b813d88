// Which fields of `this` a function reads by name.
import type { Target, ThisRead } from './marker.ts';

/** Includes fields read by the methods it calls on `this`. Reads that are not fields by name are left out. */
export function thisFieldNames({ thisReads }: Pick<Target, 'thisReads'>): readonly string[] {
  return [...new Set(thisReads.flatMap((read) => fieldsOfRead(read) ?? []))];
}

/** Names of the fields in one read; undefined when it reads more of the object than fields by name. */
export function fieldsOfRead({ name, call }: ThisRead): readonly string[] | undefined {
  if (call !== undefined) return call.fields;
  return name === undefined || name === 'super' ? undefined : [name];
}
