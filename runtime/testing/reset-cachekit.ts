// `beforeEach(resetCacheKit)`: every test starts with an empty cache and no configuration.
import { forgetEnvironment } from '../config/current.ts';
import { newCounters } from '../observe/stats.ts';
import { joinProcess } from '../site/package-copy.ts';
import { allSites, registry } from '../site/registry.ts';
import { forgetTick } from '../site/tick-clock.ts';

/**
 * Clears memory, counters and configuration, and waits for background writes. Calls in flight finish, but their results
 * are not stored and later calls do not join them.
 */
export async function resetCacheKit(): Promise<void> {
  joinProcess();
  const shared = registry();
  shared.config = {};
  shared.closed = false;
  shared.generation++;
  for (const site of allSites()) {
    site.dropAll();
    Object.assign(site.core.counters, newCounters());
  }
  forgetEnvironment();
  forgetTick(); // a timer that was to do it may be gone with the fake timers of a test
  for (const copy of shared.copies) copy.onConfigure();
  await Promise.all(shared.copies.map((copy) => copy.flush()));
}
