// `npm run bench [-- l1|l2|codec|build|outages|footprint]`: measures against hand-written floors and other caches, all
// in one run of one process.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '../test/helpers/redis-server.ts';
import { builds } from './builds.ts';
import { codec } from './codec.ts';
import { bentocache, cacheable, layeredLoader } from './contestants/peers.ts';
import { importTime, memoryPerEntry } from './footprint.ts';
import { l1 } from './l1.ts';
import { l2 } from './l2.ts';
import { outages } from './outages.ts';
import { printScenario, saveResults, type Scenario } from './report.ts';
import { compileSubject } from './subject.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv[2] ?? 'all';
if (!['all', 'l1', 'l2', 'codec', 'build', 'outages', 'footprint'].includes(wanted))
  throw new Error(
    `Unknown bench '${wanted}'. Choose l1, l2, codec, build, outages, footprint or nothing for all.`,
  );

if (!existsSync(`${root}runtime/dist/index.js`))
  execFileSync(process.execPath, ['.ci/build.ts'], { cwd: root, stdio: 'inherit' });
if (!existsSync(`${root}bench/peers/node_modules`))
  execFileSync('npm', ['ci', '--prefix', 'bench/peers'], { cwd: root, stdio: 'inherit' });

const subject = await compileSubject();
const scenarios: Scenario[] = [];
if (wanted === 'all' || wanted === 'l1') scenarios.push(...(await l1(subject)));
if (wanted === 'all' || wanted === 'codec') scenarios.push(...(await codec()));
if (wanted === 'all' || wanted === 'footprint') scenarios.push(importTime(), memoryPerEntry());
if (wanted === 'all' || wanted === 'build') scenarios.push(...builds());
if (wanted === 'all' || wanted === 'l2') {
  const redis = await startRedisServer();
  scenarios.push(...(await l2(subject, redis.port)));
  await redis.close();
}
if (wanted === 'all' || wanted === 'outages') scenarios.push(...(await outages(subject)));
await subject.close();
for (const scenario of scenarios) printScenario(scenario);
const versions = Object.fromEntries(
  [bentocache, cacheable, layeredLoader].map((peer) => [peer.name, peer.version]),
);
process.stdout.write(`\nSaved ${saveResults(wanted, scenarios, versions)}\n`);
process.exit(0);
