// A share of `npm run nonces`.
import { expect, it } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { countRepeats, repeatsIn } from './count-nonces.ts';

it('no nonce comes twice, in one process or in several', async (context) => {
  expect(await countRepeats(1e6, 4)).toBe(0);
  measured(context, '0 of 10^6 from 4 processes');
});

it('would see one that does', () => {
  expect(repeatsIn(BigUint64Array.of(3n, 1n, 2n, 3n))).toBe(1);
});
