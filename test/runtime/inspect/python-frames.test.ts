// Entries of the Python library, as an independent program made them (fixtures/vectors/python-frames.json).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectEntry } from '../../../runtime/inspect/index.ts';
import { fastestMs } from '../serializer/wires.ts';

interface Vectors {
  readonly entries: readonly {
    readonly name: string;
    readonly serializer: string;
    readonly format: string;
    readonly encrypted: boolean;
    readonly rawBytes?: number;
    readonly value?: unknown;
    readonly entry: string;
  }[];
  readonly refused: readonly { readonly name: string; readonly reason: string; readonly entry: string }[];
}

const file = new URL('../../../fixtures/vectors/python-frames.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors; // our own file
const look = (entry: Buffer, open = true) => inspectEntry(entry, { nowMs: 0, open });
const asJson = (value: unknown): unknown => (value instanceof Date ? { $date: value.toISOString() } : value);

describe('an entry of the Python library', () => {
  it.each(vectors.entries)('$name: says what it is and, where it can, what it holds', async (vector) => {
    const { serializer, format, encrypted, rawBytes } = vector;
    const bytes = Buffer.from(vector.entry, 'hex');
    const report = await look(bytes);
    expect(report).toMatchObject({ refused: undefined, totalBytes: bytes.length, header: undefined });
    expect(report.python).toMatchObject({ serializer, format, encrypted });
    expect(report.python?.rawBytes).toBe(rawBytes);
    expect(asJson(report.value)).toEqual(vector.value);
    expect(report.unopened?.includes('Python library')).toBe(vector.value === undefined ? true : undefined);
  });

  it('shows its value only when asked, and the name of its key', async () => {
    const [first, encrypted] = [vectors.entries[0], vectors.entries.find((one) => one.encrypted)];
    const report = await look(Buffer.from(first?.entry ?? '', 'hex'), false);
    expect(report).not.toHaveProperty('value');
    expect(report).not.toHaveProperty('unopened');
    const sealed = await look(Buffer.from(encrypted?.entry ?? '', 'hex'));
    expect(sealed.python?.keyFingerprint).toBe('52d54c97f8e5efaa5bdf58a301f92726');
    expect(JSON.stringify(sealed)).not.toContain('tenant');
  });

  it.each(vectors.refused)('$name: refused ($reason)', async ({ reason, entry }) => {
    const bytes = Buffer.from(entry, 'hex');
    expect(await look(bytes)).toMatchObject({ refused: reason });
  });

  it.each(vectors.refused)('$name: refused at once', async ({ entry }) => {
    const { readPythonFrame } = await import('../../../runtime/inspect/inspect-python.ts');
    const { readyCodecs } = await import('../../../runtime/envelope/ready.ts');
    expect(fastestMs(() => readPythonFrame(Buffer.from(entry, 'hex'), readyCodecs().lz4))).toBeLessThan(50);
  });

  it('cut anywhere is refused', async () => {
    const bytes = Buffer.from(vectors.entries[2]?.entry ?? '', 'hex');
    for (let end = 2; end < bytes.length; end++)
      // one byte is the document 67
      expect((await look(bytes.subarray(0, end))).refused).toBeDefined();
  });
});
