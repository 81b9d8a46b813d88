// Bundles once with esbuild, as a build script would. Arguments: folder; `bare`, `plugin` or `least`. Prints whether
// TypeScript was loaded, and the peak memory of this process.
import { createRequire } from 'node:module';
import cachekit from '@cachekit/plugins/esbuild';
import { build, type Plugin } from 'esbuild';
import { leastPlugin } from './least-plugin.ts';

const [folder = '', kind] = process.argv.slice(2);
const pluginsOf: Readonly<Record<string, () => Plugin[]>> = {
  plugin: () => [cachekit({ tsconfig: folder })],
  least: () => [leastPlugin(folder, `${folder}-compiled`)],
};
await build({
  absWorkingDir: folder,
  entryPoints: ['src/main.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outfile: 'out-esbuild/main.js',
  sourcemap: true,
  logLevel: 'error',
  plugins: pluginsOf[kind ?? '']?.() ?? [],
});
const loaded = Object.keys(createRequire(import.meta.url).cache);
const typescript = loaded.some((path) => path.includes('/typescript/lib/'));
process.stdout.write(JSON.stringify({ typescript, maxRssKb: process.resourceUsage().maxRSS }));
