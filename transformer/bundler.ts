// `@cachekit/transformer/bundler`: the entry for bundler plugins. Cheap to import, as most builds find everything
// compiled already.
export { mayContainMarker } from './1-scan/may-contain-marker.ts';
export { componentScripts } from './host/component-scripts.ts';
export { codeFrame } from './diagnostics/code-frame.ts';
export { openBundlerProject, type BundlerProject } from './host/project/bundler-project.ts';
export type { CompiledFile, ProjectOptions } from './host/project/project.ts';
