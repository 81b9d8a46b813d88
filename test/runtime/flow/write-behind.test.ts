// The line of writes: order, bounds, and that somebody waits for it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainBackground } from '../../../runtime/flow/background.ts';
import { WriteBehind } from '../../../runtime/flow/write-behind.ts';

const LIMITS = { atOnce: 2, maxWaiting: 4, maxBytes: 100 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when told. */
function manual() {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const run = (id: number) => (): Promise<void> => {
    started.push(id);
    return new Promise((resolve) => void ends.push(resolve));
  };
  return { started, ends, run };
}

describe('the line of writes', () => {
  it('starts nothing before the caller has gone on, then so many at once, in order', async () => {
    const line = new WriteBehind(LIMITS);
    const { started, ends, run } = manual();
    const done = [1, 2, 3, 4].map((id) => line.add(1, run(id)));
    expect(started).toEqual([]);
    await turn();
    expect(started).toEqual([1, 2]);
    ends[0]?.();
    await done[0];
    await turn();
    expect(started).toEqual([1, 2, 3]);
    ends[1]?.();
    ends[2]?.();
    await turn();
    await turn();
    ends[3]?.();
    for (const one of done) await one;
    expect(started).toEqual([1, 2, 3, 4]);
  });

  it('is bounded in number and in bytes, and counts what it does not take', async () => {
    const line = new WriteBehind(LIMITS);
    const work = async (): Promise<void> => undefined;
    const byNumber = Array.from({ length: 6 }, () => line.add(1, work));
    expect(byNumber.map((done) => done !== undefined)).toEqual([true, true, true, true, false, false]);
    expect(line.dropped).toBe(2);
    await drainBackground();
    const byBytes = [line.add(60, work), line.add(30, work), line.add(20, work), line.add(10, work)];
    expect(byBytes.map((done) => done !== undefined)).toEqual([true, true, false, true]);
    expect(line.dropped).toBe(3);
    await drainBackground();
  });

  it('takes one value that is larger than all the room there is, and runs it alone', async () => {
    const line = new WriteBehind(LIMITS);
    const { started, ends, run } = manual();
    void line.add(1000, run(1));
    await turn();
    void line.add(1, run(2));
    await turn();
    expect(started).toEqual([1]);
    ends[0]?.();
    await turn();
    await turn();
    expect(started).toEqual([1, 2]);
    ends[1]?.();
    await drainBackground();
  });

  it('goes on after work that fails', async () => {
    const line = new WriteBehind(LIMITS);
    const failing = line.add(1, async () => {
      throw new Error('expected');
    });
    const next = line.add(1, async () => undefined);
    await expect(failing).resolves.toBeUndefined();
    await expect(next).resolves.toBeUndefined();
  });

  it('is what a drain waits for', async () => {
    const line = new WriteBehind(LIMITS);
    let ended = 0;
    for (let i = 0; i < 4; i++) void line.add(1, () => turn().then(() => void ended++));
    await drainBackground();
    expect(ended).toBe(4);
  });

  it('never exceeds its bounds, and everything it took ends', async () => {
    const jobs = fc.array(fc.record({ size: fc.nat(150), turns: fc.nat(3), fails: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(jobs, async (list) => {
        const line = new WriteBehind(LIMITS);
        let running = 0;
        let bytes = 0;
        const violations: object[] = [];
        const taken = list.map(({ size, turns, fails }) =>
          line.add(size, async () => {
            running++;
            bytes += size;
            const isTooMuch = running > LIMITS.atOnce || (running > 1 && bytes > LIMITS.maxBytes);
            if (isTooMuch) violations.push({ running, bytes });
            for (let i = 0; i < turns; i++) await turn();
            running--;
            bytes -= size;
            if (fails) throw new Error('expected');
          }),
        );
        for (const one of taken) await one;
        await drainBackground();
        expect(violations).toEqual([]);
        expect(running).toBe(0);
        expect(taken.filter((done) => done === undefined)).toHaveLength(line.dropped);
      }),
      { numRuns: 60 },
    );
  });
});
