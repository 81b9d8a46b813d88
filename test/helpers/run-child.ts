// Runs a piece of TypeScript in a process of its own, on the sources.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Imports in the code are relative to the repository: `import … from './runtime/…'`. */
export function startChild(
  code: string,
  env: Readonly<Record<string, string>> = {},
): {
  readonly child: ChildProcess;
  readonly ended: Promise<ChildResult>;
} {
  const child = spawn(
    process.execPath,
    ['--conditions=@cachekit/source', '--input-type=module-typescript', '--eval', code],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<ChildResult>((resolve) => {
    child.once('close', (exitCode) => resolve({ code: exitCode, stdout, stderr }));
  });
  return { child, ended };
}

export function runChild(code: string, env: Readonly<Record<string, string>> = {}): Promise<ChildResult> {
  return startChild(code, env).ended;
}
