// `cachekit/arrow` for `import` in Node: uses the ES module build of apache-arrow.
import { fileURLToPath } from 'node:url';
import { createArrow } from './create-arrow.ts';
import { loadArrow } from './load-arrow.ts';

/** See index.ts. */
export const { tables, arrow } = createArrow(
  loadArrow(() => fileURLToPath(import.meta.resolve('apache-arrow'))),
);
