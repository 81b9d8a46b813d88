// Compiles bench/subject as a user would: esbuild with the plugin, against the built packages. Runs in a process of its
// own, because TypeScript would fill the heap of the measuring process and make its garbage collections slower.
import { fileURLToPath } from 'node:url';
import cachekit from '@cachekit/plugins/esbuild';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const outfile = process.argv[2];
if (outfile === undefined) throw new Error('Name the file to write.');
await build({
  entryPoints: [`${here}subject/index.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  external: ['cachekit', 'cachekit/*'],
  plugins: [cachekit({ tsconfig: `${here}subject/tsconfig.json` })],
  logLevel: 'warning',
});
