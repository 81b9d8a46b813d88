// V8's compiled code on disk, by Node's own cache: TypeScript and this compiler are ten megabytes of source that each build
// would compile again.
import { enableCompileCache } from 'node:module';

/**
 * For processes that build: it holds for every module that the process loads from here on. Where the cache lies, and whether
 * there is one, is Node's to say: `NODE_COMPILE_CACHE`, `NODE_DISABLE_COMPILE_CACHE`. A folder that cannot be written is
 * no error. Off while V8 counts coverage, which is less exact for functions from the cache.
 */
export function useCompileCache(): void {
  if (process.env['NODE_V8_COVERAGE'] === undefined) enableCompileCache();
}
