// `-b` leaves a project alone whose references changed in code only: their declarations are what they were. Its cached
// functions are not, where they reach that code: what they had answered must not count any more.
import type TS from 'typescript';
import { isPlain } from '../host/is-plain.ts';

/**
 * tsconfigs, in the order to compile them, that have marks, were not compiled, and refer to a compiled one, directly or
 * not. `built`: absolute paths of tsconfigs.
 */
export function projectsBehind(
  ts: typeof TS,
  roots: readonly string[],
  built: ReadonlySet<string>,
): readonly string[] {
  const behind: string[] = [];
  /** Whether it, or what it refers to, was compiled. */
  const touched = new Map<string, boolean>();
  const visit = (path: string): boolean => {
    const config = ts.sys.resolvePath(ts.resolveProjectReferencePath({ path }));
    const known = touched.get(config);
    if (known !== undefined) return known;
    touched.set(config, false); // a circle is TypeScript's to refuse
    const parsed = parse(ts, config);
    const isBelow = (parsed?.projectReferences ?? []).filter((one) => visit(one.path)).length > 0;
    const isBuilt = built.has(config);
    if (isBelow && !isBuilt && parsed?.fileNames.some((file) => isMarked(ts, file)) === true)
      behind.push(config);
    touched.set(config, isBelow || isBuilt);
    return isBelow || isBuilt;
  };
  roots.forEach(visit);
  return behind;
}

function parse(ts: typeof TS, config: string): TS.ParsedCommandLine | undefined {
  return ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  });
}

function isMarked(ts: typeof TS, file: string): boolean {
  return !/\.d\.[cm]?ts$/.test(file) && !isPlain(ts.sys.readFile(file) ?? '');
}
