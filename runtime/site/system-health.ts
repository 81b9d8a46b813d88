// `checkHealth()`: the backends of this copy, and the ones that sites name in vain.
import { systemHealth, type SystemHealth } from '../observe/health.ts';
import { allSites } from './registry.ts';

export async function checkHealth(): Promise<SystemHealth> {
  const sites = allSites().map(({ core }) => core);
  const guards = sites.flatMap(({ tier }) => tier?.guard ?? []);
  const misnamed = sites.flatMap(({ settings }) =>
    settings?.backend.kind === 'unknown' ? settings.backend.name : [],
  );
  return systemHealth([...new Set(guards)], [...new Set(misnamed)]);
}
