// Reads the manifest, the list of cached functions that the compiler writes, as far as the dev view shows it. A build
// may replace the file at any time.
import { readFileSync, statSync } from 'node:fs';

/** One cached function of the manifest. */
export interface ManifestFunction {
  readonly id: string;
  readonly name: string;
  /** `file:line` */
  readonly place: string;
  readonly profile: string;
  /** The compiler's reason for the profile. */
  readonly why: string;
  readonly key: readonly string[];
  readonly serializer: string;
}

/** A function that reads the file again only when it has changed. undefined: there is no file, or it is no manifest. */
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
  return value as Unknown; // an object, and each property is checked or converted
}
