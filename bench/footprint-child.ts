// Prints how many bytes of heap some entries take. Arguments: kind, number of entries.
import { compileSubject } from './subject.ts';

const [kind = 'values', count = '100000'] = process.argv.slice(2);
const ids = Array.from({ length: Number(count) }, (_, i) => i + 1);
const subject = await compileSubject();
subject.configure({ backend: 'none', l1: { maxSize: '1gb' } });
const { readonlyUser, makeUser } = subject;
const values: unknown[] = [];
const map = new Map<number, unknown>();

function heap(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// The first call loads and compiles code (175 KB), which must not be counted.
if (kind.startsWith('cachekit')) await readonlyUser(0);
const before = heap();
for (const id of ids) {
  if (kind === 'values') values.push(makeUser(id));
  else if (kind === 'map') map.set(id, { value: makeUser(id), expiry: 1e12 + id });
  else await readonlyUser(id);
}
if (kind === 'cachekit') for (const id of ids) await readonlyUser(id);
process.stdout.write(String(heap() - before));
await subject.close();
// Keeps both alive until here.
if (values.length + map.size > ids.length) process.exitCode = 1;
