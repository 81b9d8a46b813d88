// The quick check that spares most files of a project any further work.
import { mayContainMarker } from '../1-scan/may-contain-marker.ts';
import { isCompiledAlready } from './compiled-already.ts';

/** True when the text has no marker, or is compiled already. Costs a few string searches, no parse. */
export function isPlain(text: string): boolean {
  return !mayContainMarker(text) || isCompiledAlready(text);
}
