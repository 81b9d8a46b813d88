// Everything behind memory is loaded: on a busy machine the first call of a file would not wait for that.
import { loadTierModule } from '../../../runtime/site/tier/load-second-tier.ts';

export async function warmTier(): Promise<void> {
  const { loadParts } = await loadTierModule();
  await loadParts({ kind: 'memory' });
}
