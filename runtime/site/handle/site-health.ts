// `getHealthStatus()` of one cached function.
import { currentEnvironment } from '../../config/current.ts';
import { resolveGuard } from '../../config/resolve-guard.ts';
import { siteHealth, type HealthStatus } from '../../observe/health.ts';
import { droppedWrites } from '../call/write-lines.ts';
import { registry } from '../registry.ts';
import { settle } from '../settle.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { hasBackend } from '../tier/load-second-tier.ts';

/** The health of a site, without a request to the backend. */
export function healthOf(core: SiteCore): HealthStatus {
  const settings = settle(core);
  const { config } = registry();
  const environment = currentEnvironment();
  return siteHealth({
    namespace: settings.namespace,
    options: hasBackend(settings) ? resolveGuard(config, environment, currentClock()) : undefined,
    guard: core.tier?.guard,
    droppedWrites: droppedWrites(settings.backend),
    isLogged: config.logger !== undefined || environment.logLevel !== undefined,
  });
}
