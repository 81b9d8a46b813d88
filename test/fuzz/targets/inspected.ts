// `cachekit inspect` reads bytes of any origin: entries of this library, of interop/v1, and of the Python library.
import { readFileSync } from 'node:fs';
import { inspectEntry, type EntryQuestion } from '../../../runtime/inspect/index.ts';
import { encodeInterop } from '../../../runtime/interop/index.ts';
import { inspectLines } from '../../../transformer/cli/inspect-lines.ts';
import { ada, facts, keyText, nowMs, personCodec } from '../../runtime/envelope/samples.ts';
import { CANARY, finding, type FuzzTarget, type Verdict } from '../target.ts';

const file = new URL('../../../fixtures/vectors/python-frames.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(file, 'utf8')) as {
  entries: readonly { readonly entry: string }[];
};

const question: EntryQuestion = {
  nowMs,
  key: `shop:get_user:${'0'.repeat(64)}`,
  masterKeys: ['c5a1f7093b8e2d64907fd1ca53be6e18f20b94773ad8655c1e9f00b3a7486d2c'],
  logical: ['shop', 'site', 'version', keyText],
};

async function inspected(input: Buffer): Promise<Verdict> {
  const report = await inspectEntry(input, { ...question, open: true });
  const lines = inspectLines(report, undefined);
  // Whatever a frame says, it does not steer the terminal that shows it.
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(lines.join('\n'))) finding('a control character is shown');
  const closed = await inspectEntry(input, question);
  if ('value' in closed) finding('a value is shown though nobody asked');
  if (JSON.stringify(closed).includes(CANARY)) finding('a stored value is shown though nobody asked');
  return report.refused === undefined ? 'accepted' : 'refused';
}

const stored = personCodec().encode(keyText, { ...ada, name: CANARY }, facts);

export const inspectedTargets: readonly FuzzTarget[] = [
  {
    name: 'inspect',
    seeds: [
      stored.ok ? Buffer.from(stored.bytes) : finding('a seed cannot be stored'),
      Buffer.from(encodeInterop({ name: CANARY })),
      ...entries.map(({ entry }) => Buffer.from(entry, 'hex')),
    ],
    check: inspected,
  },
];
