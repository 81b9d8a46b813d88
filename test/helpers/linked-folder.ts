// A temporary folder in which packages resolve as in this repository, outside of any node_modules.
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LinkedFolder {
  readonly path: string;
  remove(): void;
}

export function linkedFolder(name: string): LinkedFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
  symlinkSync(modules, join(path, 'node_modules'), 'dir');
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
