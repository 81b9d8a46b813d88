// What configure(), flush() and close() do to this copy of the package.
import { currentEnvironment } from '../config/current.ts';
import { systemClock } from '../config/clock.ts';
import { followLogger } from '../observe/logger-subscription.ts';
import { drainBackground, drainWithin, runInBackground } from '../flow/background.ts';
import { within } from '../flow/within.ts';
import { disposeBudgets } from './budgets.ts';
import { forgetMasterKeys } from './master-keys.ts';
import { isTierLoaded } from './load-second-tier.ts';
import { registry } from './registry.ts';
import { useClock } from './tick-clock.ts';

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
  if (!isTierLoaded()) return;
  void runInBackground(async () => {
    const { releaseBackends } = await import('./shared-backends.ts');
    await releaseBackends();
  });
}

export async function flushHere(): Promise<void> {
  await drainBackground();
}

export async function closeHere(): Promise<void> {
  await drainWithin(DRAIN_MS);
  disposeBudgets();
  if (isTierLoaded()) await within(disconnect(), DISCONNECT_MS, undefined);
}

async function disconnect(): Promise<void> {
  const { closeBackends } = await import('./shared-backends.ts');
  await closeBackends();
}
