// Giving up, told to listeners and to a signal, whenever that is asked for.
import { expect, test } from 'vitest';
import { Abandonment } from '../../../runtime/backend/abandonment.ts';

test('listeners hear of it once', () => {
  const abandonment = new Abandonment();
  const heard: number[] = [];
  abandonment.onGivenUp(() => heard.push(1));
  abandonment.onGivenUp(() => heard.push(2));
  expect(abandonment.isGivenUp).toBe(false);
  abandonment.giveUp();
  abandonment.giveUp();
  expect(heard).toEqual([1, 2]);
  expect(abandonment.isGivenUp).toBe(true);
});

test.each(['before', 'after'])('the signal aborts when it was asked for %s', (when) => {
  const abandonment = new Abandonment();
  const early = when === 'before' ? abandonment.signal : undefined;
  abandonment.giveUp();
  expect((early ?? abandonment.signal).aborted).toBe(true);
  expect(abandonment.signal).toBe(early ?? abandonment.signal);
});
