// Prints results, and saves them as JSON with the machine and versions they belong to.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Row } from './harness.ts';

/** Contestants measured at the same task. */
export interface Scenario {
  readonly title: string;
  /** Name of the row whose ratio is 1.00. */
  readonly reference: string;
  /** Targets by name of the row. */
  readonly targets: Readonly<Record<string, Target>>;
  /** Unit of the values in rows. Default: ns. */
  readonly unit?: Unit;
  readonly rows: readonly Row[];
}

/** What the median of a row should not exceed: `ratio` times the reference, or `most` in the unit of the scenario. */
export type Target = { readonly ratio: number } | { readonly most: number };

type Unit = 'ns' | 'ms' | 'bytes';

export function printScenario({ title, reference, targets, unit = 'ns', rows }: Scenario): void {
  const base = rows.find((row) => row.name === reference)!.median; // every scenario has its reference
  process.stdout.write(`\n${title}   (ratio to ${reference})\n`);
  for (const row of [...rows].sort((a, b) => a.median - b.median)) {
    const ratio = base === 0 ? '' : `×${(row.median / base).toFixed(2).padStart(6)}`;
    const target = targets[row.name];
    const said = target === undefined ? '' : `  ${verdict(target, row.median, base, unit)}`;
    process.stdout.write(
      `  ${row.name.padEnd(34)} ${format(row.median, unit).padStart(10)}  ${ratio.padEnd(8)}${said}\n`,
    );
  }
}

function verdict(target: Target, value: number, base: number, unit: Unit): string {
  const [limit, said] =
    'ratio' in target ? [target.ratio * base, `×${target.ratio}`] : [target.most, format(target.most, unit)];
  return `target ${said}: ${value <= limit ? 'met' : 'MISSED'}`;
}

/** Writes bench/results/<name>.json. @returns its path */
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

function format(value: number, unit: Unit): string {
  if (unit === 'bytes') return `${value.toFixed(0)} B`;
  const ns = unit === 'ms' ? value * 1e6 : value;
  return ns < 1_000
    ? `${ns.toFixed(0)} ns`
    : ns < 1_000_000
      ? `${(ns / 1_000).toFixed(2)} µs`
      : `${(ns / 1_000_000).toFixed(2)} ms`;
}
