// Cheap pre-filter that bundlers run on every module: a few text searches, no parsing.
import { lacksAt } from './missing-tags.ts';

/**
 * False when the file certainly has no comment marker, nothing meant as one (`@Cache`, `cache.production`), and no call
 * of `cached` or `configure`. The compiler need not be loaded for such a file.
 */
export function mayContainMarker(text: string): boolean {
  return /@(?:[cC]ache|CACHE)|cached/.test(text) || mayConfigure(text) || lacksAt(text);
}

function mayConfigure(text: string): boolean {
  return text.includes('cachekit') && text.includes('configure');
}
