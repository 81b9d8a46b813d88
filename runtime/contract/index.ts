// `cachekit/contract`: the types that compiler and runtime share, and two version numbers.
export type { CacheDescriptor, CallRules } from './cache-descriptor.ts';
export type { KeyKit, KeyOps } from './key-kit.ts';
export type { DescriptorSettings, EffectiveProfile, Profile } from './settings.ts';
export type { Coded, DeclaredKinds, ValueKit, ValueOps } from './value-kit.ts';
export type { Wire, WireReader, WireWriter } from './wire.ts';
export { EMIT_VERSION, FRAME_VERSION } from './versions.ts';
