// The first question about any file: a bundler asks it for every module, so it costs a few searches.
import { lacksAt } from './missing-tags.ts';

/**
 * False: the file has no comment marker, nothing that is meant as one (`@Cache`, `cache.production`), no call of `cached`
 * and none of `configure`: nothing needs to be loaded for it.
 */
export function mayContainMarker(text: string): boolean {
  return /@(?:[cC]ache|CACHE)|cached/.test(text) || mayConfigure(text) || lacksAt(text);
}

function mayConfigure(text: string): boolean {
  return text.includes('cachekit') && text.includes('configure');
}
