// `cachekit/arrow` for `require`: uses the CommonJS build of apache-arrow, as the requiring code itself does.
import { createRequire } from 'node:module';
import { createArrow } from './create-arrow.ts';
import { loadArrow } from './load-arrow.ts';

/** See index.ts. */
export const { tables, arrow } = createArrow(
  loadArrow(() => createRequire(import.meta.url).resolve('apache-arrow')),
);
