// Runs a TypeScript command line in this process and prints its peak memory. Arguments: script, arguments of the
// script.
import { createRequire } from 'node:module';

const [script = '', ...args] = process.argv.slice(2);
process.on('exit', () => process.stdout.write(JSON.stringify({ maxRssKb: process.resourceUsage().maxRSS })));
process.argv.splice(1, process.argv.length, script, ...args);
createRequire(import.meta.url)(script);
