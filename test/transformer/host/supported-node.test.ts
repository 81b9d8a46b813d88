// A build on a Node.js that is too old says so.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isSupportedNode, requireNode } from '../../../transformer/host/supported-node.ts';

it.each([
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['23.11.0', false],
  ['24.10.0', false],
  ['24.11.0', true],
  ['26.0.0', true],
])('Node.js %s: %s', (version, isSupported) => {
  expect(isSupportedNode(version)).toBe(isSupported);
});

it('is what the packages ask for', () => {
  const { engines } = JSON.parse(
    readFileSync(new URL('../../../transformer/package.json', import.meta.url), 'utf8'),
  ) as { engines: { node: string } };
  expect(engines.node).toBe('^22.18 || >=24.11');
});

it('says what is needed, and what this is', () => {
  expect(() => requireNode('20.20.2')).toThrow(
    /needs Node\.js 22\.18 .* or 24\.11 or later\. This is 20\.20\.2, at /,
  );
  expect(() => requireNode()).not.toThrow();
});
