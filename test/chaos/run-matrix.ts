// `npm run test:chaos`: plays every row of the fault matrix and prints what the callers saw. Names of rows as arguments
// play those alone. Exits 1 when a row was not kept.
import { ensureRedis } from '../helpers/ensure-redis.ts';
import { matrix } from './matrix/rows.ts';
import { runRow, type RowResult } from './matrix/run-row.ts';
import { head, rowLine, skippedLine } from './matrix/table.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function play(wanted: readonly string[]): Promise<number> {
  const rows = matrix.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  const results: RowResult[] = [];
  let skipped = 0;
  say(head());
  for (const row of rows) {
    const why = row.missing?.();
    if (why !== undefined) {
      skipped++;
      say(skippedLine(row.id, row.name, why));
      continue;
    }
    const result = await runRow(row);
    results.push(result);
    say(rowLine(result));
  }
  const broken = results.filter((result) => result.broken.length > 0).length;
  say(`\n${results.length - broken} kept, ${broken} broken, ${skipped} skipped`);
  return broken;
}

if (ensureRedis()) process.exitCode = (await play(process.argv.slice(2))) > 0 ? 1 : 0;
else process.exitCode = 1;
