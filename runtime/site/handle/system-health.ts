// `checkHealth()`: the configured backend, those that sites use, and names of backends that are not configured.
import { defaultBackend } from '../../config/choose-backend.ts';
import { currentEnvironment } from '../../config/current.ts';
import type { Sealing } from '../../config/site-settings.ts';
import { keepAlive } from '../../flow/keep-alive.ts';
import { systemHealth, type SystemHealth } from '../../observe/health.ts';
import type { GuardedBackend } from '../../reliability/guarded-backend.ts';
import { allSites, registry } from '../registry.ts';
import { currentClock } from '../tick-clock.ts';
import { loadTierModule } from '../tier/load-second-tier.ts';
import { cipherState } from '../tier/master-keys.ts';

/** Pings every backend in use, and the configured one even before its first use. Never rejects. */
export function checkHealth(): Promise<SystemHealth> {
  return keepAlive(askBackends());
}

async function askBackends(): Promise<SystemHealth> {
  const { generation, closed } = registry();
  // Sites that were not called since configure() still hold their old settings.
  const sites = allSites().filter(({ core }) => core.generation === generation);
  const guards = sites.flatMap(({ core }) => core.tier?.guard ?? []);
  const misnamed = sites.flatMap(({ core }) =>
    core.settings?.backend.kind === 'unknown' ? core.settings.backend.name : [],
  );
  const configured = closed ? 'none' : await configuredGuard();
  if (configured === 'unusable') misnamed.push('default');
  else if (configured !== 'none') guards.push(configured);
  return systemHealth({
    guards: [...new Set(guards)],
    misnamed: [...new Set(misnamed)],
    rejectsCalls: !closed && sites.some(({ core }) => isRefused(core.settings?.sealing)),
  });
}

/** Whether calls of such a site are rejected for want of a key. */
function isRefused(sealing: Sealing | undefined): boolean {
  if (sealing === undefined || sealing === 'off' || sealing === 'ephemeral') return false;
  const { config } = registry();
  return (
    cipherState(sealing, config, currentEnvironment(), currentClock().monotonicMs()).status === 'refused'
  );
}

async function configuredGuard(): Promise<GuardedBackend | 'none' | 'unusable'> {
  const { config } = registry();
  const environment = currentEnvironment();
  const { choice } = defaultBackend(config, environment);
  if (choice.kind === 'unknown') return 'unusable';
  if (choice.kind !== 'url' && choice.kind !== 'own') return 'none';
  try {
    const { loadParts, sharedBackend } = await loadTierModule();
    await loadParts(choice);
    return sharedBackend(choice, registry().config, environment)?.guard ?? 'none';
  } catch {
    return 'unusable';
  }
}
