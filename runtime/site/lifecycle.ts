// What configure(), flush() and close() do to this copy of the package.
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

/** `close()` has one second in all: writes first, then connections. */
const DRAIN_MS = 500;
const DISCONNECT_MS = 450;

/** All sites have dropped what they held. Backends of the old configuration close when their work is done. */
export function resetHere(): void {
  disposeBudgets();
  forgetMasterKeys();
  currentEnvironment();
  useClock(registry().config.clock ?? systemClock);
  followLogger();
  forgetWriteLines();
  shutTiers(false);
  // Here and now: the next call must not get a guard of the old configuration.
  const releasing = loadedTierModule()?.releaseBackends();
  if (releasing !== undefined) void runInBackground(() => releasing);
}

export async function flushHere(): Promise<void> {
  await keepAlive(drainBackground());
}

export async function closeHere(): Promise<void> {
  await drainWithin(DRAIN_MS);
  disposeBudgets();
  shutTiers(true);
  const closing = loadedTierModule()?.closeBackends();
  if (closing !== undefined) await within(closing, DISCONNECT_MS, undefined);
}
