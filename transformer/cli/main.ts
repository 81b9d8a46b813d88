// Entry of the `cachekit` process: runs the command line and sets the exit code.
import { createInterface } from 'node:readline/promises';
import { createProgress } from './progress.ts';
import { runCli } from './run-cli.ts';
import { wantsColour } from './wants-colour.ts';

const { stdin, stdout, stderr } = process;

// In `cachekit ls | head` the reader closes the pipe when it has seen enough.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Input that ends without an answer counts as no. */
async function confirm(question: string): Promise<boolean> {
  const reader = createInterface({ input: stdin, output: stdout });
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([reader.question(`${question} [y/N] `), ended])).trim());
  } finally {
    reader.close();
  }
}

const code = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  colour: wantsColour(stdout, process.env),
  print: (text) => void stdout.write(`${text}\n`),
  error: (text) => void stderr.write(`${text}\n`),
  write: (text) => void stdout.write(text),
  confirm,
  ...(stderr.isTTY ? { progress: createProgress(stderr) } : {}),
});
// process.exit would lose output that a pipe has not taken yet. Undefined: a watch mode keeps running.
if (code !== undefined) process.exitCode = code;
