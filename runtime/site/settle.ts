// Resolves the settings of a site at its first call and again after each configure(). Otherwise it costs one comparison.
import { currentEnvironment } from '../config/current.ts';
import { BUILT_IN, resolveSettings } from '../config/resolve-settings.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { followLogger } from '../observe/logger-subscription.ts';
import { notice } from '../observe/notice.ts';
import { registry } from './registry.ts';
import type { SiteCore } from './site-core.ts';
import { settingsForSync } from './sync-settings.ts';

/** The current settings of a site. */
export function settle(core: SiteCore): SiteSettings {
  const { generation, config } = registry();
  if (core.settings !== undefined && core.generation === generation) return core.settings;
  followLogger();
  core.dropAll();
  core.generation = generation;
  core.tier = undefined;
  core.tierOpening = undefined;
  const settings = checked(resolveSettings(core.descriptor, core.options, config, currentEnvironment()));
  core.settings = core.isSync ? settingsForSync(settings, core.options) : settings;
  if (core.settings.backend.kind === 'unknown') sayUnknown(core, core.settings.backend.name);
  if (core.settings.sealing === 'ephemeral' && !currentEnvironment().isTest) sayEphemeral(core.descriptor);
  if (core.settings.integrity === 'missing') sayUnsigned(core.descriptor);
  return core.settings;
}

function sayUnsigned(descriptor: CacheDescriptor): void {
  notice(
    'CACHEKIT_NO_INTEGRITY_KEY',
    `\`${descriptor.id}\` asks for \`integrity: 'hmac'\`, and there is no master key: it is cached in memory only. ` +
      'Set CACHEKIT_MASTER_KEY_FILE.',
    `integrity ${descriptor.id}`,
  );
}

/** The compiler checks durations in emitted code, but a descriptor written by hand may hold anything. */
function checked(settings: SiteSettings): SiteSettings {
  const isDuration = Number.isFinite(settings.ttlMs) && settings.ttlMs > 0;
  if (isDuration) return settings;
  notice(
    'CACHEKIT_SETTING',
    `\`${settings.id}\` has a ttl that is no duration: the default of 1 h holds.`,
    settings.id,
  );
  return { ...settings, ttlMs: BUILT_IN.ttlMs };
}

function sayUnknown({ descriptor, options }: SiteCore, name: string): void {
  const isNamed = (options?.backend ?? descriptor.settings.backend) === name;
  const isConfigured = Object.hasOwn(registry().config.backends ?? {}, name) || !isNamed;
  const text = isConfigured
    ? `The backend \`${name}\` is set to text that is neither 'none', 'memory', 'embedded' nor a URL that begins with ` +
      'redis://, rediss://, redis+sentinel:// or redis+cluster://: its functions are cached in memory only.'
    : `\`${descriptor.id}\` names the backend \`${name}\`, which is not configured: it is cached in memory only.`;
  notice('CACHEKIT_UNKNOWN_BACKEND', text, `backend ${name}`);
}

function sayEphemeral(descriptor: CacheDescriptor): void {
  notice(
    'CACHEKIT_EPHEMERAL_KEY',
    `\`${descriptor.id}\` looks personal, so it is cached encrypted; without a master key in this process only. ` +
      'Set CACHEKIT_MASTER_KEY_FILE, or choose a profile in its marker.',
    `ephemeral ${descriptor.id}`,
  );
}
