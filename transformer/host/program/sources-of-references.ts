// Makes a program read the sources of referenced projects, as the editor does, instead of their declaration files.
import type TS from 'typescript';

/** Internal in TypeScript 6: whether imports of a referenced project resolve to its sources. */
interface SourceRedirect {
  useSourceOfProjectReferenceRedirect?(): boolean;
}

/** For programs that `host` creates from now on. Their references need not be built. */
export function useSourcesOfReferences(host: TS.CompilerHost & SourceRedirect): void {
  host.useSourceOfProjectReferenceRedirect = () => true;
}
