// In a file of its own: what is loaded is loaded for the whole process.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { close, configure } from '../../../runtime/index.ts';
import { loadedTierModule } from '../../../runtime/site/tier/load-second-tier.ts';
import { oneNumber } from './hand-written.ts';

afterEach(close);

it('loads nothing for functions that have memory only, and the second tier for others, before their first call', async () => {
  configure({ backend: 'none' });
  oneNumber(async (id) => ({ id, tags: [] }));
  await wait(20);
  expect(loadedTierModule()).toBeUndefined();
  configure({ backend: 'memory' });
  oneNumber(async (id) => ({ id, tags: [] }));
  expect(loadedTierModule()).toBeUndefined(); // not while modules are evaluated
  await vi.waitFor(() => expect(loadedTierModule()?.arePartsLoaded({ kind: 'memory' })).toBe(true), 20_000);
});
