// What will be done with one marked function, and why. Made before any code is generated; `cachekit explain` prints it.
import type { DescriptorSettings, EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Marker } from '../1-scan/marker.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';
import type { Expression } from './expression.ts';
import type { Discriminant } from './failed-arms.ts';
import type { OptionName } from './option-names.ts';
import type { RulePath } from './rule-path.ts';

export interface Choice<T> {
  readonly value: T;
  /** A phrase for messages: "name word 'user'", "marker", "Date at .createdAt". */
  readonly reason: string;
}

/** One value that enters the key. */
export interface KeyPartPlan {
  /** The expression in the function's scope: `id`, `opts?.page`, `tenant`. */
  readonly text: string;
  /** The same for messages: `opts.page`. */
  readonly label: string;
  readonly shape: TypeShape;
  /** `this`: a field of `this`. `instance`: the object itself, identified by a number. */
  readonly source: 'parameter' | 'path' | 'capture' | 'this' | 'instance';
}

export interface KeyPlan {
  readonly parts: readonly KeyPartPlan[];
  /** True when the parts are exactly the args, in order, so that no `pick` function is generated. */
  readonly identity: boolean;
  /** How memory finds an entry: by 0, 1 or 2 primitive parts directly, or (`n`) by a bucket and an equality check. */
  readonly index: 0 | 1 | 2 | 'n';
  /** For index `n`: the expression that chooses the bucket, such as `q?.userId`. Undefined: one bucket for all. */
  readonly bucket: string | undefined;
  /** What `ignore=` leaves out: parameters, captures, `this`, `this.log`. Default: nothing. */
  readonly ignored?: readonly string[];
  readonly reason: string;
}

/** Parsed options as the descriptor has them, units in their names. Undefined: not written. */
export type PlannedSettings = DescriptorSettings;

/** Parts of a template: text, and paths. `fallback` replaces null and undefined. */
export type TemplatePlan = readonly (string | (RulePath & { readonly fallback?: string | undefined }))[];

/** Rules evaluated at each call. Paths start at args of the call or at its result. Undefined: no such rule. */
export interface RulesPlan {
  /** Tags with a path in them; constant tags are in the settings. */
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
  /** True when the user wrote no profile. */
  readonly inferred: boolean;
  readonly serializer: Choice<string>;
  /** From the marker, else from the build profile it names, else from the tsconfig entry. */
  readonly settings: PlannedSettings;
  readonly rules: RulesPlan;
  /**
   * The property that marks a result as a failure. Such results are not stored, unless the marker has an `unless` of
   * its own (then undefined).
   */
  readonly failsBy: Discriminant | undefined;
  /** The build profile that the marker names; its settings are part of `settings`. */
  readonly buildProfile: string | undefined;
  readonly key: KeyPlan;
  /** Options that were written but could not be read: what follows from them is not known. Default: none. */
  readonly unread?: readonly OptionName[];
  readonly sync: boolean;
  /**
   * True when the function keeps its `async`: code before the body can throw, which must stay a rejection, or a
   * decorator learns from `async` that the method returns a Promise.
   */
  readonly raw: boolean;
  readonly shapeHash: string;
  readonly codeHash: string;
  readonly packageName: string;
  /** True for a package that is published compiled. */
  readonly library: boolean;
}
