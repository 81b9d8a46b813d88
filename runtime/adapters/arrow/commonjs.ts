// `cachekit/arrow` for `require`: code that requires it gets the tables of that build of apache-arrow as well.
import { createRequire } from 'node:module';
import { createArrow } from './create-arrow.ts';
import { loadArrow } from './load-arrow.ts';

export const { tables, arrow } = createArrow(
  loadArrow(() => createRequire(import.meta.url).resolve('apache-arrow')),
);
