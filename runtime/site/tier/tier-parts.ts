// The parts of a second tier that are loaded separately: the codecs and the adapter of the backend.
import type { BackendChoice } from '../../config/choose-backend.ts';
import { areCodecsReady, loadCodecs } from '../../envelope/ready.ts';
import { isAdapterLoaded, loadAdapter } from './shared-backends.ts';

/** Loads what `openSecondTier` needs for this backend. */
export async function loadParts(choice: BackendChoice): Promise<void> {
  await Promise.all([loadAdapter(choice), loadCodecs()]);
}

/** Whether `openSecondTier` can be called now. */
export function arePartsLoaded(choice: BackendChoice): boolean {
  return areCodecsReady() && isAdapterLoaded(choice);
}
