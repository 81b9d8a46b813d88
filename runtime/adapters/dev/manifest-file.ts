// The list of cached functions that the compiler writes, as far as the dev view shows it. It may be replaced at any time.
import { readFileSync, statSync } from 'node:fs';

export interface ManifestFunction {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly profile: string;
  readonly why: string;
  readonly key: readonly string[];
  readonly serializer: string;
}

/** Read again when the file has changed. Empty where there is none, or something else. */
export function manifestReader(file: string): () => readonly ManifestFunction[] | undefined {
  let changedMs = Number.NaN;
  let functions: readonly ManifestFunction[] | undefined;
  return () => {
    try {
      const { mtimeMs } = statSync(file);
      if (mtimeMs !== changedMs) {
        functions = parse(readFileSync(file, 'utf8'));
        changedMs = mtimeMs;
      }
      return functions;
    } catch {
      changedMs = Number.NaN;
      return undefined;
    }
  };
}

type Unknown = Readonly<Record<string, unknown>>;

/** @throws when it is no manifest */
function parse(text: string): ManifestFunction[] {
  const manifest = record(JSON.parse(text));
  if (manifest['version'] !== 1 || !Array.isArray(manifest['sites'])) throw new TypeError('no manifest');
  return manifest['sites'].map((site: unknown) => {
    const { id, name, file, line, profile, key, serializer } = record(site);
    const { parts } = record(key);
    return {
      id: String(id),
      name: String(name),
      place: `${String(file)}:${String(line)}`,
      profile: String(record(profile)['value']),
      why: String(record(profile)['reason']),
      key: Array.isArray(parts) ? parts.map(String) : [],
      serializer: String(record(serializer)['value']),
    };
  });
}

function record(value: unknown): Unknown {
  if (typeof value !== 'object' || value === null) throw new TypeError('no manifest');
  return value as Unknown; // an object, whatever is in it
}
