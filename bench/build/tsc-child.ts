// A TypeScript command line in this process, which then says how much memory it had. Arguments: script, its own arguments.
import { createRequire } from 'node:module';

const [script = '', ...args] = process.argv.slice(2);
process.on('exit', () => process.stdout.write(JSON.stringify({ maxRssKb: process.resourceUsage().maxRSS })));
process.argv.splice(1, process.argv.length, script, ...args);
createRequire(import.meta.url)(script);
