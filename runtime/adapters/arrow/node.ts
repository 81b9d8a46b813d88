// `cachekit/arrow` for `import` in Node.
import { fileURLToPath } from 'node:url';
import { createArrow } from './create-arrow.ts';
import { loadArrow } from './load-arrow.ts';

export const { tables, arrow } = createArrow(
  loadArrow(() => fileURLToPath(import.meta.resolve('apache-arrow'))),
);
