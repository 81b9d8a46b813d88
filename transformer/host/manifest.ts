// Updates cachekit.manifest.json: compares it with the functions of this build, then replaces the file atomically.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import { manifestChanges } from '../4-check/manifest-changes.ts';
import { createManifest, type Manifest } from '../4-check/manifest.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../diagnostics/position.ts';

/** What the manifest of one tsconfig is made from. */
export interface ManifestInput {
  /** Absolute path of the tsconfig. */
  readonly config: string;
  /** Path of the manifest, relative to the folder of the tsconfig. */
  readonly path: string;
  readonly plans: readonly CachePlan[];
  readonly writers: readonly WriterPlan[];
  /** Text of a source file, for line numbers. */
  readonly textOf: (file: string) => string;
}

/** What updating the manifest brought up. */
export interface UpdatedManifest {
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Why the manifest could not be read or written, as a sentence; undefined: it could. The build goes on in any case.
   */
  readonly problem: string | undefined;
}

/**
 * Reports what changed since the last build, and writes the manifest if it differs. Never throws for a fault of the
 * disk.
 */
export function updateManifest({ config, path, plans, writers, textOf }: ManifestInput): UpdatedManifest {
  const file = resolve(dirname(config), path);
  const manifest = createManifest(plans, writers, {
    fileOf: (one) => relative(dirname(config), one).replaceAll('\\', '/'),
    lineAt: (one, offset) => positionAt(textOf(one), offset).line,
  });
  const before = read(file);
  const diagnostics = manifestChanges(before.manifest, manifest, plans, config).map(
    ({ finding, file: about }) => createDiagnostic(finding, about),
  );
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  const problem = text === before.text ? undefined : write(file, text);
  return { diagnostics, problem: problem ?? before.problem };
}

interface Before {
  readonly text?: string;
  readonly manifest?: Manifest;
  readonly problem?: string;
}

function read(file: string): Before {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of node:fs
    return code === 'ENOENT'
      ? {}
      : { problem: `${file} cannot be read (${code ?? 'unknown'}): nothing was compared.` };
  }
  const manifest = parse(text);
  if (manifest === undefined)
    return {
      text,
      problem: `${file} is not a manifest of this version: nothing was compared, and it is replaced.`,
    };
  return { text, manifest };
}

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Checks no more than the comparison reads. */
function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { version, sites } = value as { version?: unknown; sites?: unknown }; // checked here
  return version === 1 && Array.isArray(sites) && sites.every(isSite);
}

function isSite(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, shape, code, places, key } = value as Readonly<Record<string, unknown>>; // checked here
  const isKey = typeof key === 'object' && key !== null && Array.isArray((key as { parts?: unknown }).parts); // checked before
  const isText = [id, name, shape, code].every((one) => typeof one === 'string');
  return isText && isKey && typeof places === 'object' && places !== null;
}

/** Returns why the file could not be written; undefined: it was. */
function write(file: string, text: string): string | undefined {
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
    return undefined;
  } catch (error) {
    removeQuietly(temporary);
    return `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // its folder is not a folder: there is nothing to remove
  }
}
