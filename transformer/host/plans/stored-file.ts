// The form of a compiled file on disk. Most of it are the plans, which a build rarely needs: they are serialized apart
// and read on demand.
import { deserialize, serialize } from 'node:v8';
import type { CompiledFile } from '../project/project.ts';

/** A compiled file that was read from disk. */
export interface StoredFile extends CompiledFile {
  /** Ids of the cached functions, known without reading their plans. */
  readonly ids: readonly string[];
}

interface Packed {
  readonly ids: readonly string[];
  /** Without `sourcesContent` of the map: whoever reads the file has the source. */
  readonly head: Pick<CompiledFile, 'code' | 'map' | 'diagnostics' | 'dependencies' | 'configFiles'>;
  /** `Plans`, serialized. */
  readonly plans: Uint8Array;
}

type Plans = Pick<CompiledFile, 'texts' | 'plans' | 'writers'>;

/** The value to store for a compiled file. */
export function packFile(compiled: CompiledFile): unknown {
  const { texts, plans, writers, map, ...head } = compiled;
  const { sourcesContent: _source, ...rest } = map ?? { sourcesContent: [] };
  const packed: Packed = {
    ids: plans.map(({ id }) => id),
    head: { ...head, ...(map !== undefined && { map: rest as typeof map }) }, // sourcesContent is optional
    plans: serialize({ texts, plans, ...(writers !== undefined && { writers }) }),
  };
  return packed;
}

/** `packed`: an undamaged value of `packFile`. `source`: the text that was compiled. */
export function unpackFile(packed: unknown, source: string): StoredFile {
  const { ids, head, plans: bytes } = packed as Packed; // as `packFile` made it
  const { map, ...rest } = head;
  let read: Plans | undefined;
  const plans = (): Plans => (read ??= deserialize(bytes) as Plans); // as `packFile` made it
  return {
    ...rest,
    ...(map !== undefined && { map: { ...map, sourcesContent: [source] } }),
    ids,
    get texts() {
      return plans().texts;
    },
    get plans() {
      return plans().plans;
    },
    get writers() {
      return plans().writers ?? [];
    },
  };
}
