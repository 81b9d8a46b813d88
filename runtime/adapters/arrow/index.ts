// `cachekit/arrow`: stores results that are, or contain, tables of apache-arrow. Compiled files import it where a
// function returns one. This file is for bundlers, which must see the import; Node gets node.ts or commonjs.ts.
import * as build from 'apache-arrow';
import type { Serializer } from '../../serializer/serializer.ts';
import type { ClassCodec } from '../../value/class-codec.ts';
import { createArrow } from './create-arrow.ts';

const made = createArrow(build);

/** The codec by which generated code stores tables, at any place in a result. Emitted code imports it by this name. */
export const tables: ClassCodec<build.Table> = made.tables;

/** For `cached(fn, { serializer: arrow })`, and for programs that store tables themselves. */
export const arrow: Serializer = made.arrow;
