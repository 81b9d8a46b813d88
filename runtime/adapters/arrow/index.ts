// `cachekit/arrow`: results that are tables of apache-arrow. Compiled files import it where a function returns one. This one
// is for bundlers, which have to see the import; Node gets node.ts or commonjs.ts.
import * as build from 'apache-arrow';
import type { Serializer } from '../../serializer/serializer.ts';
import type { ClassCodec } from '../../value/class-codec.ts';
import { createArrow } from './create-arrow.ts';

const made = createArrow(build);

/** How generated code stores tables, wherever in a result they are. The compiler names it. */
export const tables: ClassCodec<build.Table> = made.tables;

/** For `cached(fn, { serializer: arrow })`, and for programs that keep tables by themselves. */
export const arrow: Serializer = made.arrow;
