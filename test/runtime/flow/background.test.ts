import { describe, expect, it } from 'vitest';
import { drainBackground, drainWithin, runInBackground } from '../../../runtime/flow/background.ts';
import { within } from '../../../runtime/flow/within.ts';
import { watchStandstill } from '../../helpers/lateness.ts';

describe('background work', () => {
  it('is waited for, also what it starts', async () => {
    const seen: string[] = [];
    void runInBackground(async () => {
      await Promise.resolve();
      seen.push('outer');
      void runInBackground(async () => void seen.push('inner'));
    });
    await drainBackground();
    expect(seen).toEqual(['outer', 'inner']);
  });

  it('may fail without anybody hearing of it', async () => {
    const done = runInBackground(async () => {
      throw new Error('expected');
    });
    await expect(done).resolves.toBeUndefined();
  });

  it('holds a drain no longer than its deadline', async () => {
    let end: (() => void) | undefined;
    void runInBackground(() => new Promise<void>((resolve) => (end = resolve)));
    const [began, standstill] = [performance.now(), watchStandstill()];
    await drainWithin(20);
    expect(performance.now() - began - standstill()).toBeLessThan(500);
    end?.();
    await drainBackground();
  });

  it('is bounded: more than 10,000 at once are dropped', async () => {
    const ends: (() => void)[] = [];
    const started = Array.from({ length: 10_050 }, () =>
      runInBackground(() => new Promise<void>((resolve) => void ends.push(resolve))),
    );
    expect(started.filter((done) => done === undefined)).toHaveLength(50);
    for (const end of ends) end();
    await drainBackground();
  });
});

describe('within', () => {
  it('gives the value, or the other one when it is late or fails', async () => {
    expect(await within(Promise.resolve(1), 1000, 2)).toBe(1);
    expect(await within(new Promise(() => undefined), 5, 2)).toBe(2);
    expect(await within(Promise.reject(new Error('no')), 1000, 2)).toBe(2);
  });
});
