// What will be done with one marked function, and why. Made before any code; `cachekit explain` prints it.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Marker } from '../1-scan/marker.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';

export interface Choice<T> {
  readonly value: T;
  /** A clause for people: "name word 'user'", "marker", "Date at .createdAt". */
  readonly reason: string;
}

/** One value that enters the key. `text` is the expression in the function's scope: `id`, `opts?.page`, `tenant`. */
export interface KeyPartPlan {
  readonly text: string;
  readonly label: string;
  readonly shape: TypeShape;
  readonly source: 'parameter' | 'path' | 'capture';
}

export interface KeyPlan {
  readonly parts: readonly KeyPartPlan[];
  /** The parts are exactly the args, in order: no `pick`. */
  readonly identity: boolean;
  readonly index: 0 | 1 | 2 | 'n';
  /** index `n`: expression that gives the Map bucket, e.g. `q?.userId`. */
  readonly bucket: string | undefined;
  readonly reason: string;
}

/** Parsed options with units in their names; undefined: not said. */
export interface PlannedSettings {
  readonly ttlMs?: number;
  readonly namespace?: string;
  readonly version?: string;
  readonly backend?: string;
  readonly serializer?: string;
}

export interface CachePlan {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly marker: Marker;
  readonly signature: SignatureShape;
  readonly profile: Choice<EffectiveProfile>;
  /** The profile was not written by the user. */
  readonly inferred: boolean;
  readonly serializer: Choice<string>;
  readonly settings: PlannedSettings;
  readonly key: KeyPlan;
  readonly sync: boolean;
  /** Parameters can throw before the body: `async` stays (emission form 7). */
  readonly raw: boolean;
  readonly shapeHash: string;
  readonly codeHash: string;
  readonly packageName: string;
}
