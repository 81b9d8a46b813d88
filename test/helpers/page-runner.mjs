import { pathToFileURL } from 'node:url';
// Runs programs of the pages one after the other in this process, each as if it were the first, and prints what each printed.
import { formatWithOptions } from 'node:util';
import { close } from 'cachekit';
import { resetCacheKit } from 'cachekit/testing';

// What waits for a clock that nobody moves, or a backend that hangs, must not end the process.
setInterval(() => undefined, 1000);

const environment = { ...process.env };
/** File → what it printed, or what ended it. */
const printed = {};

for (const file of process.argv.slice(2)) {
  Object.assign(process.env, environment);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  await resetCacheKit();
  printed[file] = '';
  const print = (...values) => void (printed[file] += `${formatWithOptions({ colors: false }, ...values)}\n`);
  Object.assign(console, { log: print, debug: print });
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    printed[file] += String(error?.stack ?? error);
  }
  await close();
}
process.stdout.write(JSON.stringify(printed));
process.exit(0);
