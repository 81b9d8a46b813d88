// Runs a batch in a process of its own: little memory, and no code from strings.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BatchOrder, BatchResult } from './batch.ts';

const FLAGS = [
  '--conditions=@cachekit/source',
  '--disallow-code-generation-from-strings',
  '--max-old-space-size=256',
  '--max-semi-space-size=8',
  '--no-warnings',
];

/** What the collector has not come to included: the codecs of the targets hold 1 MB at most. */
const MOST_GROWN_BYTES = 128 * 2 ** 20;

/** The results of its targets, up to the first finding. A process that ends without them is one. */
export function startBatch(order: BatchOrder): Promise<readonly BatchResult[]> {
  const file = fileURLToPath(new URL('batch.ts', import.meta.url));
  const child = spawn(process.execPath, [...FLAGS, file, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const what = `the process ended with ${code ?? signal}: ${stderr.slice(-2000)}`;
      const nothing = { target: order.targets.join(), inputs: 0, accepted: 0, slowestMs: 0, grownBytes: 0 };
      resolve(readResults(stdout)?.map(withGrowth) ?? [{ ...nothing, finding: { what, input: '' } }]);
    });
  });
}

function withGrowth(result: BatchResult): BatchResult {
  if (result.finding !== undefined || result.grownBytes <= MOST_GROWN_BYTES) return result;
  return { ...result, finding: { what: `the process grew by ${result.grownBytes} bytes`, input: '' } };
}

function readResults(stdout: string): readonly BatchResult[] | undefined {
  try {
    return JSON.parse(stdout) as readonly BatchResult[]; // batch.ts writes nothing else
  } catch {
    return undefined;
  }
}
