// What will be done with one marked function, and why. Made before any code; `cachekit explain` prints it.
import type { DescriptorSettings, EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Marker } from '../1-scan/marker.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';
import type { Expression } from './expression.ts';
import type { Discriminant } from './failed-arms.ts';
import type { RulePath } from './rule-path.ts';

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
  /** `this`: a field of the object. `instance`: the object itself, by a number. */
  readonly source: 'parameter' | 'path' | 'capture' | 'this' | 'instance';
}

export interface KeyPlan {
  readonly parts: readonly KeyPartPlan[];
  /** The parts are exactly the args, in order: no `pick`. */
  readonly identity: boolean;
  readonly index: 0 | 1 | 2 | 'n';
  /** index `n`: expression that gives the Map bucket, e.g. `q?.userId`. */
  readonly bucket: string | undefined;
  /** What `ignore=` leaves out: parameters, captures, `this`, `this.log`. Default: nothing. */
  readonly ignored?: readonly string[];
  readonly reason: string;
}

/** Parsed options with units in their names, as the descriptor has them; undefined: not said. */
export type PlannedSettings = DescriptorSettings;

/** Text, and paths with what stands for null and undefined. */
export type TemplatePlan = readonly (string | (RulePath & { readonly fallback?: string | undefined }))[];

/** What is asked at each call, with paths in terms of the args; undefined: nothing. */
export interface RulesPlan {
  /** Those that differ from call to call; the others are in the settings. */
  readonly tags?: readonly TemplatePlan[];
  readonly when?: Expression<RulePath>;
  readonly unless?: Expression<RulePath>;
  readonly tenant?: TemplatePlan;
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
  /** Of the marker, of a profile of the build, of the tsconfig entry. */
  readonly settings: PlannedSettings;
  readonly rules: RulesPlan;
  /** The property by which results say that they are failures, where the marker says nothing: those are not stored. */
  readonly failsBy: Discriminant | undefined;
  /** The profile of the build that the marker names; its settings are among `settings`. */
  readonly buildProfile: string | undefined;
  readonly key: KeyPlan;
  readonly sync: boolean;
  /** `async` stays (form 7): parameters can throw before the body, or a decorator is told by it that a Promise comes. */
  readonly raw: boolean;
  readonly shapeHash: string;
  readonly codeHash: string;
  readonly packageName: string;
  /** Of a package that is published compiled. */
  readonly library: boolean;
}
