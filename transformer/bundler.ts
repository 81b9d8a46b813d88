// `@cachekit/transformer/bundler`: what bundler plugins use. Cheap to import, as most builds find everything compiled.
export { mayContainMarker } from './1-scan/may-contain-marker.ts';
export { openBundlerProject, type BundlerProject } from './host/project/bundler-project.ts';
export type { CompiledFile, ProjectOptions } from './host/project/project.ts';
