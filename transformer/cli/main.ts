// The process behind `cachekit`: runs the command line and sets the exit code.
import { runCli } from './run-cli.ts';

const { stdout, stderr } = process;
const code = runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  colour: stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  print: (text) => void stdout.write(`${text}\n`),
  error: (text) => void stderr.write(`${text}\n`),
  write: (text) => void stdout.write(text),
});
// Not process.exit: a pipe may still hold output. Undefined: it keeps watching.
if (code !== undefined) process.exitCode = code;
