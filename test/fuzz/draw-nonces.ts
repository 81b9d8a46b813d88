// A process that draws nonces. Arguments: the file for the first 8 bytes of each, and how many.
import { writeFileSync } from 'node:fs';
import { nextNonce } from '../../runtime/crypto/nonces.ts';

const [file = '', count = '0'] = process.argv.slice(2);
const heads = new Uint8Array(Number(count) * 8);
for (let at = 0; at < heads.length; at += 8) heads.set(nextNonce().subarray(0, 8), at);
writeFileSync(file, heads);
