// Copies a project and replaces its marked modules by what cachekit compiles them to.
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProject } from '@cachekit/transformer';

/** Copies `folder` to `to`. */
export function compileProject(folder: string, to: string): void {
  cpSync(folder, to, { recursive: true, verbatimSymlinks: true });
  const project = openProject({ cwd: folder, tsconfig: folder });
  for (const name of readdirSync(join(folder, 'src'))) {
    const file = join(folder, 'src', name);
    const { code } = project.compile(file, readFileSync(file, 'utf8'));
    if (code !== undefined) writeFileSync(join(to, 'src', name), code);
  }
}
