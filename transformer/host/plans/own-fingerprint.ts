// Fingerprint of this compiler: its own files and the TypeScript it uses. The version number is not enough: after a
// patch of the package, or an edit in this repository, plans of the compiler as it was before must not be used.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/** Computed once per process: some milliseconds, for reading files. Loads no module. */
export function ownFingerprint(): string {
  return (known ??= fingerprint());
}

function fingerprint(): string {
  const digest = createHash('sha256').update(typescriptVersion());
  for (const file of ownFiles()) digest.update(`\n${file}\n`).update(readFileSync(file));
  return digest.digest('base64url');
}

function typescriptVersion(): string {
  const file = createRequire(import.meta.url).resolve('typescript/package.json');
  return `${file}\n${readFileSync(file, 'utf8')}`;
}

/** All source files when this file runs as source; else all built files. */
function ownFiles(): readonly string[] {
  const own = fileURLToPath(import.meta.url);
  const isSource = own.endsWith('.ts');
  let root = dirname(own);
  while (!readdirSync(root).includes('package.json')) root = dirname(root);
  const folders = isSource ? [root, join(root, '../runtime/contract')] : [join(root, 'dist')];
  return folders.flatMap((folder) =>
    namesUnder(folder)
      .filter((name) => (isSource ? /^(?!dist|node_modules).*\.ts$/ : /\.[cm]?js$/).test(name))
      .toSorted()
      .map((name) => join(folder, name)),
  );
}

/** Relative paths. Node's own recursive listing takes some milliseconds more, as it asks the disk about each name. */
function namesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? namesUnder(join(folder, entry.name)).map((name) => `${entry.name}/${name}`)
      : entry.name,
  );
}
