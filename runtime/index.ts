// `cachekit`: the API for applications. Emitted code imports `cachekit/emit/v1` instead.
export { BackendError, type BackendErrorKind } from './backend/backend-error.ts';
export type { Backend } from './backend/backend.ts';
export type { BeginAnswer, BeginRequest, FenceCapability, FillRequest } from './backend/fence-capability.ts';
export type {
  AppendAnswer,
  AppendRequest,
  FollowAnswer,
  LogCapability,
  LogPlace,
  LogRecord,
  RecordKind,
  SyncAnswer,
  SyncRequest,
} from './backend/log-capability.ts';
export { cached, type Cached } from './cached.ts';
export type { Bytes } from './config/bytes.ts';
export type {
  AnyFunction,
  ArgsOf,
  CachedOptions,
  CacheOptions,
  KeyPart,
  ResultOf,
  Settings,
} from './config/cache-options.ts';
export type { BackendRef, CacheKitConfig, L1Config, MasterKey } from './config/cachekit-config.ts';
export type { Clock } from './config/clock.ts';
export { close, configure, flush } from './config/configure.ts';
export type { Duration } from './config/duration.ts';
export { effectiveConfig, type EffectiveSetting } from './config/effective-config.ts';
export type { Profile } from './contract/settings.ts';
export { codec, defineCodec, type ClassCodec, type Codec } from './value/class-codec.ts';
export type { Float64, Pii, Secret } from './type-marks.ts';
export { CacheKitError } from './errors/cachekit-error.ts';
export type { ErrorCode } from './errors/catalogue.ts';
export type { CacheEvents, CallReason } from './observe/events.ts';
export type { BackendHealthReport, HealthStatus, SystemHealth } from './observe/health.ts';
export type { Serializer } from './serializer/serializer.ts';
export type { Logger } from './observe/logger.ts';
export type { CacheStats } from './observe/stats.ts';
export type { CacheEntry, CacheHandle } from './site/handle/cache-handle.ts';
export { cacheOf } from './site/handle/cache-of.ts';
export { invalidateNamespace, invalidateTags } from './site/handle/invalidate-groups.ts';
export { checkHealth } from './site/handle/system-health.ts';
export { subscribe } from './site/subscribe.ts';
export { runWithTenant } from './site/call/tenant.ts';
export { withoutCache } from './site/call/without-cache.ts';
