// When a backend is given up, and when it is used again.
import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../runtime/reliability/circuit-breaker.ts';
import { stepClock } from '../../helpers/step-clock.ts';

const OPTIONS = { failureThreshold: 5, successThreshold: 3, recoveryTimeoutMs: 1000 };

function breaker(options: typeof OPTIONS | false = OPTIONS) {
  const clock = stepClock();
  const turns: boolean[] = [];
  return { clock, turns, it: new CircuitBreaker(options, clock, (isOpen) => turns.push(isOpen)) };
}

test('the fifth failure in a row opens it, a success in between starts again', () => {
  const { it, turns } = breaker();
  for (let i = 0; i < 4; i++) it.failed(it.epoch, 'probes');
  it.succeeded(it.epoch);
  for (let i = 0; i < 4; i++) it.failed(it.epoch, 'probes');
  expect(it.admit()).toBe('closed');
  it.failed(it.epoch, 'probes');
  expect(it.admit()).toBe('open');
  expect(turns).toEqual([true]);
});

test('half of twenty in ten seconds opens it although successes come in between', async () => {
  const { it, clock } = breaker();
  for (let i = 0; i < 9; i++) {
    it.failed(it.epoch, 'probes');
    it.succeeded(it.epoch);
    await clock.advance(400);
  }
  expect(it.isOpen).toBe(false);
  it.succeeded(it.epoch);
  it.failed(it.epoch, 'probes');
  expect(it.isOpen).toBe(true);
});

test('failures older than ten seconds do not count into the half', async () => {
  const { it, clock } = breaker();
  for (let i = 0; i < 9; i++) {
    it.failed(it.epoch, 'probes');
    it.succeeded(it.epoch);
  }
  await clock.advance(11_000);
  it.succeeded(it.epoch);
  it.failed(it.epoch, 'probes');
  expect(it.isOpen).toBe(false);
});

test('three good probes in a row close it, a bad one starts again', () => {
  const { it, turns } = breaker();
  it.open('probes', 1000);
  for (const isWell of [true, true, false, true, true]) it.probed(isWell);
  expect(it.isOpen).toBe(true);
  it.probed(true);
  expect(it.isOpen).toBe(false);
  expect(turns).toEqual([true, false]);
});

test('an answer to what began before it opened says nothing about now', () => {
  const { it } = breaker();
  const before = it.epoch;
  it.open('probes', 1000);
  for (let i = 0; i < 3; i++) it.probed(true);
  for (let i = 0; i < 9; i++) it.failed(before, 'probes');
  expect(it.isOpen).toBe(false);
});

test('with trials, one operation at a time and per interval finds out; after one that went well the next at once', async () => {
  const { it, clock } = breaker();
  it.open('trials', 1000);
  expect(it.admit()).toBe('open');
  await clock.advance(1000);
  expect([it.admit(), it.admit()]).toEqual(['trial', 'open']);
  it.probed(false);
  expect(it.admit()).toBe('open');
  await clock.advance(1000);
  expect([it.admit(), it.admit()]).toEqual(['trial', 'open']);
  it.probed(true);
  expect([it.admit(), it.admit()]).toEqual(['trial', 'open']);
});

test('probes take over from trials, not the other way round', async () => {
  const { it, clock } = breaker();
  it.open('trials', 1000);
  it.open('probes', 1000);
  it.open('trials', 1000);
  await clock.advance(1000);
  expect([it.admit(), it.wantsProbes]).toEqual(['open', true]);
});

test('switched off it never opens', () => {
  const { it } = breaker(false);
  for (let i = 0; i < 100; i++) it.failed(it.epoch, 'probes');
  it.open('probes', 1000);
  expect(it.admit()).toBe('closed');
});
