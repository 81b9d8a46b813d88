// `npm run build`: all packages, in order. Fails on the first that does not build.
import { build } from 'tsdown';
import { packages } from './tsdown.config.ts';

for (const config of packages) await build({ ...config, config: false });
