// `npm run build`: builds all packages in order and stops at the first failure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { packages } from './tsdown.config.ts';

const index = process.argv[2];
const config = packages[Number(index)];
if (index !== undefined) await build({ ...config, config: false });
else {
  // Each build runs in a process of its own, as the types of all three packages do not fit into Node's default heap.
  for (const at of packages.keys()) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(at)], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}
