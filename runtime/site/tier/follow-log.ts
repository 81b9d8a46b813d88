// Applies the invalidations that the log of a backend reports to the sites of this copy of the package.
import { createCoherence, type Coherence } from '../../coherence/coherence.ts';
import type { GuardedLog } from '../../reliability/guarded-backend.ts';
import { dropNamed, dropTag } from '../handle/drop-shared.ts';
import { allSites } from '../registry.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';

/** Begins to follow the log. `backend`: its name, for events. */
export function followLog(backend: string, log: GuardedLog, prefix: string): Coherence {
  let isFirst = true;
  const coherence: Coherence = createCoherence({
    log,
    prefix,
    backend,
    clock: currentClock(),
    listener: {
      keyGone: (name) => dropNamed(name),
      groupGone: (id) => dropGroup(coherence, id),
      everythingUnverified: () => forCores(coherence, (core) => core.dropEntries()),
      reset() {
        // The first registry replaces no other, so runs that are waiting for it continue.
        const apply = isFirst ? 'dropUnfollowed' : 'retire';
        isFirst = false;
        forCores(coherence, (core) => core[apply]());
      },
    },
  });
  coherence.start();
  return coherence;
}

function dropGroup(coherence: Coherence, id: string): void {
  if (id.startsWith('t:')) dropTag(id);
  else
    forCores(coherence, (core) => {
      if (core.tier?.groups.includes(id) === true) core.retire();
    });
}

function forCores(coherence: Coherence, apply: (core: SiteCore) => void): void {
  for (const { core } of allSites()) if (core.tier?.coherence === coherence) apply(core);
}
