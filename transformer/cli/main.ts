// The process behind `cachekit`: runs the command line and sets the exit code.
import { createInterface } from 'node:readline/promises';
import { createProgress } from './progress.ts';
import { runCli } from './run-cli.ts';
import { wantsColour } from './wants-colour.ts';

const { stdin, stdout, stderr } = process;

// `cachekit ls | head`: whoever reads has seen enough.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** No answer, because the input ends, is a no. */
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
// Not process.exit: a pipe may still hold output. Undefined: it keeps watching.
if (code !== undefined) process.exitCode = code;
