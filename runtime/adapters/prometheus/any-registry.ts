// The type of a prom-client registry, of either content type.
import type { Registry, RegistryContentType } from 'prom-client';

/** Only the methods in use, so that a registry for OpenMetrics fits as well. */
export type AnyRegistry = Pick<Registry<RegistryContentType>, 'getSingleMetric' | 'removeSingleMetric'>;
