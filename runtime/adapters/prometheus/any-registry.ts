// A prom-client registry of either content type.
import type { Registry, RegistryContentType } from 'prom-client';

/** What is used of it, so that a registry for OpenMetrics fits as well. */
export type AnyRegistry = Pick<Registry<RegistryContentType>, 'getSingleMetric' | 'removeSingleMetric'>;
