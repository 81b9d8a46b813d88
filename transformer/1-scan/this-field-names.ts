// Which fields of its object a function reads by name.
import type { Target, ThisRead } from './marker.ts';

/** Without what it reads in other ways; those of methods that it calls on the object are among them. */
export function thisFieldNames({ thisReads }: Pick<Target, 'thisReads'>): readonly string[] {
  return [...new Set(thisReads.flatMap((read) => fieldsOfRead(read) ?? []))];
}

/** Undefined: more of the object is read than fields by name. */
export function fieldsOfRead({ name, call }: ThisRead): readonly string[] | undefined {
  if (call !== undefined) return call.fields;
  return name === undefined || name === 'super' ? undefined : [name];
}
