// The manifest: every cached function and writer of a tsconfig, as plain JSON. The same sources give the same manifest.
import { printSignature } from '../2-shape/print-shape.ts';
import { wireShapeText } from '../2-shape/wire-shape.ts';
import type { CachePlan, Choice } from '../3-plan/cache-plan.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import { flattenSignature } from './flatten-shape.ts';
import { writtenTags } from './known-tags.ts';
import { nameOfPlan } from './program-rule.ts';

export interface ManifestSite {
  readonly id: string;
  readonly name: string;
  /** Relative to the folder of the tsconfig, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly profile: Choice<string>;
  readonly key: { readonly parts: readonly string[]; readonly reason: string };
  readonly serializer: Choice<string>;
  /** From the marker, its build profile and the tsconfig. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** Fingerprints of 16 hex digits. */
  readonly shape: string;
  readonly code: string;
  readonly signature: string;
  /** Each leaf of parameters and result with its type, from which the next build tells what changed. */
  readonly places: Readonly<Record<string, string>>;
  /** The result type as it decides the stored bytes. `cachekit inspect` uses it to name the parts of stored values. */
  readonly wire: string;
}

export interface ManifestWriter {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** As written: `getReport(id)`, `tag:user:$id`. */
  readonly invalidates: readonly string[];
}

export interface Manifest {
  readonly version: 1;
  readonly sites: readonly ManifestSite[];
  readonly writers: readonly ManifestWriter[];
}

/** Turns absolute paths and offsets into what the manifest shows. */
export interface ManifestPlaces {
  readonly fileOf: (file: string) => string;
  readonly lineAt: (file: string, offset: number) => number;
}

export function createManifest(
  plans: readonly CachePlan[],
  writers: readonly WriterPlan[],
  places: ManifestPlaces,
): Manifest {
  return {
    version: 1,
    sites: plans
      .map((plan) => siteOf(plan, places))
      .toSorted((a, b) => compare(a.id, b.id) || compare(a.file, b.file) || a.line - b.line),
    writers: writers
      .map((plan) => writerOf(plan, places))
      .toSorted((a, b) => compare(a.file, b.file) || a.line - b.line),
  };
}

/** By code units, so that the order does not depend on a locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function siteOf(plan: CachePlan, { fileOf, lineAt }: ManifestPlaces): ManifestSite {
  const { id, file, marker, profile, key, serializer, settings, signature, shapeHash, codeHash } = plan;
  const keyFunction = keyFunctionOf(marker)?.text;
  const { start } = marker.kind === 'call' ? marker.range : marker.target.nameRange;
  return {
    id,
    name: nameOfPlan(plan),
    file: fileOf(file),
    line: lineAt(file, start),
    profile: { value: profile.value, reason: profile.reason },
    key: {
      parts: keyFunction === undefined ? key.parts.map((part) => part.label) : [keyFunction],
      reason: key.reason,
    },
    serializer: { value: serializer.value, reason: serializer.reason },
    settings: Object.fromEntries(
      Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .toSorted(([a], [b]) => compare(a, b)),
    ),
    tags: writtenTags(plan),
    shape: shapeHash,
    code: codeHash,
    signature: printSignature(signature),
    places: flattenSignature(signature),
    wire: wireShapeText(signature.result, signature.refs),
  };
}

function writerOf({ name, file, target, invalidations }: WriterPlan, places: ManifestPlaces): ManifestWriter {
  return {
    name: target.qualifiedName ?? name,
    file: places.fileOf(file),
    line: places.lineAt(file, target.nameRange.start),
    invalidates: invalidations.map((one) => one.text),
  };
}
