// `node .ci/grafana.ts`: writes docs/grafana from the metric definitions. test/docs/grafana.test.ts fails when that is
// due.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grafanaFiles } from './grafana/files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/grafana');

mkdirSync(folder, { recursive: true });
for (const [file, text] of grafanaFiles()) writeFileSync(join(folder, file), text);
process.exitCode = spawnSync('npx', ['oxfmt', folder], { cwd: root, stdio: 'inherit' }).status ?? 1;
