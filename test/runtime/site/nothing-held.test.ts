import { AsyncResource } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { configure, flush } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, type User } from './hand-written.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

afterEach(resetCacheKit);

it('holds no result for as long as what its function opened', async () => {
  configure({ backend: 'none' });
  let opened: AsyncResource | undefined;
  let result: WeakRef<User> | undefined;
  const load = oneNumber(async (id) => {
    opened = new AsyncResource('Connection'); // as the first call of many functions opens one
    const user: User = { id, tags: [] };
    result = new WeakRef(user);
    return user;
  });
  await load(1);
  await flush();
  // A WeakRef holds its target until the turn ends.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  collectGarbage();
  expect(opened).toBeDefined();
  expect(result?.deref()).toBeUndefined();
});
