// `npm run build`: all packages, in order. Fails on the first that does not build.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { packages } from './tsdown.config.ts';

const index = process.argv[2];
const config = packages[Number(index)];
if (index !== undefined) await build({ ...config, config: false });
else {
  // Each in a process of its own: the types of all three together do not fit into the heap that Node allows.
  for (const at of packages.keys()) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(at)], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}
