// The entry that the bench bundles with esbuild and the plugin.
export { makeOrder, order1k, order10k } from './backend-sites.ts';
export { changeable10k, readonly10k } from './large-sites.ts';
export { numberSites } from './number-sites.ts';
export { objectSites } from './object-sites.ts';
export { slowOrder, uncachedOrder } from './outage-site.ts';
export { makeUser, readonlyUser } from './readonly-site.ts';
export { cacheOf, close, configure, flush } from 'cachekit';
