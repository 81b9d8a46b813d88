// Text that no host has anything to do with: most files of most projects.
import { mayContainMarker } from '../1-scan/may-contain-marker.ts';
import { isCompiledAlready } from './compiled-already.ts';

/** No mark, or compiled already. Costs a few searches; nothing else needs to be looked at. */
export function isPlain(text: string): boolean {
  return !mayContainMarker(text) || isCompiledAlready(text);
}
