// A compiled file as it lies on disk: what a build needs of each file first; the plans, which are most of it, are read only
// when somebody asks for them.
import { deserialize, serialize } from 'node:v8';
import type { CompiledFile } from '../project/project.ts';

export interface StoredFile extends CompiledFile {
  /** Identities of the cached functions, without reading their plans. */
  readonly ids: readonly string[];
}

interface Packed {
  readonly ids: readonly string[];
  /** The source is not stored: who asks has it. */
  readonly head: Pick<CompiledFile, 'code' | 'map' | 'diagnostics' | 'dependencies' | 'configFiles'>;
  readonly plans: Uint8Array;
}

type Plans = Pick<CompiledFile, 'texts' | 'plans' | 'writers'>;

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

/** `packed`: what `packFile` gave, whole. */
export function unpackFile(packed: unknown, source: string): StoredFile {
  const { ids, head, plans: bytes } = packed as Packed; // said above
  const { map, ...rest } = head;
  let read: Plans | undefined;
  const plans = (): Plans => (read ??= deserialize(bytes) as Plans); // as packed
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
