// `npm run nonces`: 10^8 nonces of the encryption from 64 processes, none of which may come twice. About a minute, 1 GB.
import { countRepeats } from './count-nonces.ts';

const [COUNT, PROCESSES] = [1e8, 64];
const repeats = await countRepeats(COUNT, PROCESSES);
process.stdout.write(`${repeats} of ${COUNT} nonces from ${PROCESSES} processes came twice\n`);
if (repeats > 0) process.exitCode = 1;
