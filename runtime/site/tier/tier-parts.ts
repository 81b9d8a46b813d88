// What a second tier consists of besides code that is loaded already.
import type { BackendChoice } from '../../config/choose-backend.ts';
import { areCodecsReady, loadCodecs } from '../../envelope/ready.ts';
import { isAdapterLoaded, loadAdapter } from './shared-backends.ts';

/** Loads what `openSecondTier` needs: codecs, and the module of the backend. */
export async function loadParts(choice: BackendChoice): Promise<void> {
  await Promise.all([loadAdapter(choice), loadCodecs()]);
}

/** True: `openSecondTier` can be called now. */
export function arePartsLoaded(choice: BackendChoice): boolean {
  return areCodecsReady() && isAdapterLoaded(choice);
}
