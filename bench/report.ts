// Prints ratios and keeps them as JSON, with the machine and the versions they belong to.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Row } from './harness.ts';

export interface Scenario {
  readonly title: string;
  /** Name of the row that is 1.00. */
  readonly reference: string;
  /** Our row, and the ratio it should not exceed; undefined when nothing is promised. */
  readonly ours: string;
  readonly target: number | undefined;
  readonly rows: readonly Row[];
}

export function printScenario({ title, reference, ours, target, rows }: Scenario): void {
  const base = rows.find((row) => row.name === reference)!.medianNs;
  process.stdout.write(`\n${title}   (ratio to ${reference})\n`);
  for (const row of [...rows].sort((a, b) => a.medianNs - b.medianNs)) {
    const ratio = row.medianNs / base;
    const verdict =
      row.name !== ours || target === undefined
        ? ''
        : ratio <= target
          ? `  target ${target}: met`
          : `  target ${target}: MISSED`;
    process.stdout.write(
      `  ${row.name.padEnd(30)} ${format(row.medianNs).padStart(10)}  ×${ratio.toFixed(2).padStart(6)}${verdict}\n`,
    );
  }
}

export function saveResults(
  name: string,
  scenarios: readonly Scenario[],
  versions: Readonly<Record<string, string>>,
): string {
  const file = fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
  mkdirSync(fileURLToPath(new URL('results/', import.meta.url)), { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  writeFileSync(file, `${JSON.stringify({ machine, versions, scenarios }, undefined, 2)}\n`);
  return file;
}

function format(ns: number): string {
  return ns < 1_000
    ? `${ns.toFixed(0)} ns`
    : ns < 1_000_000
      ? `${(ns / 1_000).toFixed(2)} µs`
      : `${(ns / 1_000_000).toFixed(2)} ms`;
}
