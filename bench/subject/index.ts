// What the bench compiles with the esbuild plugin and runs.
export { order1k, order10k } from './backend-sites.ts';
export { numberSites } from './number-sites.ts';
export { objectSites } from './object-sites.ts';
export { makeUser, readonlyUser } from './readonly-site.ts';
export { cacheOf, close, configure, flush } from 'cachekit';
