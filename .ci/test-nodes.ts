// `npm run test:nodes [-- --smoke]`: runs the tests of runtime, compiler and packages on the oldest and the newest
// supported Node. `--smoke`: only checks that the built packages load, compile and cache there. Run `npm run build`
// first.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NODES = ['22.18.0', '26'] as const;
const root = fileURLToPath(new URL('..', import.meta.url));
const isSmoke = process.argv.includes('--smoke');

/** Path of the binary in the cache of `npx`, downloaded if necessary. Undefined: it cannot be downloaded. */
function binaryOf(version: string): string | undefined {
  // npm scripts have our own `node` first on the PATH, so the binary itself is asked for its path.
  const args = ['-y', `--package=node@${version}`, '--', 'node', '-p', 'process.execPath'];
  const outside = fileURLToPath(new URL('file:///'));
  const { stdout, status } = spawnSync('npx', args, {
    cwd: outside,
    encoding: 'utf8',
    env: withoutScripts(),
  });
  const path = stdout?.trim().split('\n').at(-1);
  return status === 0 && path !== undefined && path !== '' ? path : undefined;
}

/** The environment of a shell outside of this repository. */
function withoutScripts(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/.test(name));
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules/.bin'));
  return { ...Object.fromEntries(kept), PATH: path.join(':') };
}

const vitest = 'node_modules/vitest/vitest.mjs';
const commands: readonly (readonly string[])[] = isSmoke
  ? [['.ci/node-smoke.ts']]
  : [['.ci/node-smoke.ts'], [vitest, 'run', '--project', 'unit', '--project', 'compiler']];

let exitCode = 0;
for (const version of NODES) {
  const binary = binaryOf(version);
  if (binary === undefined) {
    process.stdout.write(`Node ${version} is skipped: the npm registry is not reachable\n`);
    continue;
  }
  for (const args of commands) {
    const { status } = spawnSync(binary, args, { cwd: root, stdio: 'inherit', env: withoutScripts() });
    process.stdout.write(`Node ${version}: ${args.join(' ')} ${status === 0 ? 'passed' : 'FAILED'}\n`);
    if (status !== 0) exitCode = 1;
  }
}
process.exitCode = exitCode;
