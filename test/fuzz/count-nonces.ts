// How often a nonce of the encryption comes twice, among many from many processes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const drawer = fileURLToPath(new URL('draw-nonces.ts', import.meta.url));
/** As many cores as these machines have; more only wait for each other. */
const AT_ONCE = 2;

/** Of `count` nonces, drawn evenly by `processes` processes. Told apart by 8 of their 12 bytes: rather too often than too seldom. */
export async function countRepeats(count: number, processes: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-nonces-'));
  try {
    const each = Math.ceil(count / processes);
    const files = Array.from({ length: processes }, (_, index) => join(folder, String(index)));
    for (let first = 0; first < processes; first += AT_ONCE)
      await Promise.all(files.slice(first, first + AT_ONCE).map((file) => draw(file, each)));
    const all = new BigUint64Array(each * processes);
    files.forEach((file, index) => {
      const { buffer, byteOffset } = new Uint8Array(readFileSync(file));
      all.set(new BigUint64Array(buffer, byteOffset, each), index * each);
    });
    return repeatsIn(all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sorts them. */
export function repeatsIn(nonces: BigUint64Array): number {
  nonces.sort();
  let repeats = 0;
  for (let i = 1; i < nonces.length; i++) if (nonces[i] === nonces[i - 1]) repeats++;
  return repeats;
}

function draw(file: string, count: number): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', drawer, file, String(count)], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A process that draws nonces ended with ${code}.`)),
    );
  });
}
