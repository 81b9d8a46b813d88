// What configure(), flush() and close() do in this copy of the package.
import { systemClock } from '../config/clock.ts';
import { currentEnvironment } from '../config/current.ts';
import { drainBackground, drainWithin, runInBackground } from '../flow/background.ts';
import { keepAlive } from '../flow/keep-alive.ts';
import { within } from '../flow/within.ts';
import { followLogger } from '../observe/logger-subscription.ts';
import { disposeBudgets } from './budgets.ts';
import { forgetWriteLines } from './call/write-lines.ts';
import { registry } from './registry.ts';
import { useClock } from './tick-clock.ts';
import { loadedTierModule, shutTiers } from './tier/load-second-tier.ts';
import { forgetMasterKeys } from './tier/master-keys.ts';

/** `close()` may take one second: writes first, then connections. */
const DRAIN_MS = 500;
const DISCONNECT_MS = 450;

/** Applies a new configuration. All sites have dropped their entries. Backends of the old one close in the background. */
export function resetHere(): void {
  disposeBudgets();
  forgetMasterKeys();
  currentEnvironment();
  useClock(registry().config.clock ?? systemClock);
  followLogger();
  forgetWriteLines();
  shutTiers(false);
  // Released synchronously, so that the next call does not get a guard of the old configuration.
  const releasing = loadedTierModule()?.releaseBackends();
  if (releasing !== undefined) void runInBackground(() => releasing);
}

/** Waits for all background work. */
export async function flushHere(): Promise<void> {
  await keepAlive(drainBackground());
}

/** Waits for background work and closes all backends, in at most one second. */
export async function closeHere(): Promise<void> {
  await drainWithin(DRAIN_MS);
  disposeBudgets();
  shutTiers(true);
  const closing = loadedTierModule()?.closeBackends();
  if (closing !== undefined) await within(closing, DISCONNECT_MS, undefined);
}
