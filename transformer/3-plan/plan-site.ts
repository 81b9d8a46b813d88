// One marked function → one plan: joins the choices and gives the function its identity.
import type { Marker } from '../1-scan/marker.ts';
import type { SignatureShape } from '../2-shape/type-shape.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { BuildProfiles } from './build-profiles.ts';
import type { CachePlan, KeyPlan, PlannedSettings } from './cache-plan.ts';
import { checkOptions, withoutAsync } from './check-options.ts';
import type { ProfileChoice, ProfileWords } from './choose-profile.ts';
import { chooseProfile } from './choose-profile.ts';
import { chooseSerializer, type SerializerChoice } from './choose-serializer.ts';
import { discriminantOf, unlessFailed } from './failed-arms.ts';
import { withoutOption } from './marker-fixes.ts';
import { fitNamespace } from './namespace.ts';
import type { MarkerSettings } from './parse-settings.ts';
import { keyFunctionOf, parseSettings } from './parse-settings.ts';
import { planKey } from './plan-key.ts';
import { planRules, type PlannedRules } from './plan-rules.ts';
import { selfOf } from './read-self.ts';
import { siteHashes, type OptionTokens } from './site-hashes.ts';

export interface PlanInput {
  readonly marker: Marker;
  readonly signature: SignatureShape;
  /** Fingerprint of the signature, 16 hex digits. */
  readonly shapeHash: string;
  /** Tokens of the body and of what it reaches (TypeReader.codeTokens). */
  readonly codeTokens: string;
  /** The same of functions that `cached()` is given. Default: there are none. */
  readonly optionTokens?: OptionTokens;
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, forward slashes. */
  readonly path: string;
  /** The user's package; '' when it has no name. */
  readonly packageName: string;
  /** Of the tsconfig entry. */
  readonly options: PlanOptions;
}

/** Defaults: no profiles, false, false. */
export interface PlanOptions extends ProfileWords {
  readonly namespace: string | undefined;
  readonly profiles?: BuildProfiles;
  readonly library?: boolean;
  readonly multiTenant?: boolean;
}

export interface PlanResult {
  /**
   * There even when problems are errors, so that one build shows all of them; such a site must not be generated
   * (`isBlocking`). Undefined: the function has no identity.
   */
  readonly plan: CachePlan | undefined;
  readonly problems: readonly Finding[];
}

/** Plans one function. Pure; the same input gives the same plan. */
export function planSite(input: PlanInput): PlanResult {
  const { marker, signature } = input;
  const { target } = marker;
  const { written, key, serializer, rules, failsBy, staticTags, problems } = readMarker(input);
  const id = siteId(input, written.name);
  if (id === undefined)
    return {
      plan: undefined,
      problems: [...problems, { code: 'CK1016', range: target.nameRange, args: {} }],
    };
  const sync = !target.async && !signature.returnsPromise;
  const choice = profileOf(input, written);
  const settings = settingsOf(input, written, staticTags, sync);
  const { shapeHash, codeTokens, optionTokens: tokens = {} } = input;
  const plan: CachePlan = {
    id,
    name: target.name,
    file: input.file,
    marker,
    signature,
    ...choice,
    serializer,
    settings,
    rules,
    failsBy,
    buildProfile: written.buildProfile,
    key,
    sync,
    raw:
      target.async &&
      (target.params.some((param) => param.pattern || param.default === 'expression') ||
        readsPrivate(key) ||
        target.toldByAsync === true),
    ...siteHashes({ shapeHash, codeTokens, tokens, signature, key, settings, rules }),
    packageName: fitNamespace(input.packageName),
    library: input.options.library === true,
  };
  const multiTenant = input.options.multiTenant === true;
  const { value: profile } = choice.profile;
  const conflicts = checkOptions({ marker, profile, settings, key, sync, multiTenant });
  return { plan, problems: [...problems, ...conflicts] };
}

interface ReadMarker extends Omit<PlannedRules, 'problems'> {
  readonly written: MarkerSettings;
  readonly key: KeyPlan;
  readonly failsBy: CachePlan['failsBy'];
  readonly serializer: CachePlan['serializer'];
  readonly problems: readonly Finding[];
}

/** What the marker says, against the types of its function. */
function readMarker({ marker, signature, options }: PlanInput): ReadMarker {
  const { target } = marker;
  const { settings: written, problems } = parseSettings(marker, options.profiles);
  const { key, problems: keyProblems } = planKey({
    target,
    signature,
    key: written.key,
    ignore: written.ignore,
    keyFunction: keyFunctionOf(marker)?.text,
    self: selfOf(marker),
    atCall: marker.kind === 'comment',
  });
  const { serializer, loss } = planSerializer(written, signature);
  const range = written.serializerRange ?? marker.range;
  const lost: Finding[] =
    loss === undefined
      ? []
      : [
          {
            code: 'CK1112',
            range,
            args: { serializer: serializer.value, ...loss },
            fixes: withoutOption(marker, 'serializer'),
          },
        ];
  const { rules: said, ...planned } = planRules({ name: target.name, signature, key, settings: written });
  const isUnlessSaid = marker.directive.options.some(({ name }) => name === 'unless');
  const failsBy = isUnlessSaid ? undefined : discriminantOf(signature.result, signature.refs);
  return {
    ...planned,
    rules: failsBy === undefined ? said : { ...said, unless: unlessFailed(failsBy) },
    failsBy,
    written,
    key,
    serializer,
    problems: [...problems, ...keyProblems, ...lost, ...planned.problems],
  };
}

function profileOf({ marker, signature, options }: PlanInput, written: MarkerSettings): ProfileChoice {
  const { profile, buildProfile } = written;
  if (profile !== undefined && buildProfile !== undefined)
    return { profile: { value: profile, reason: `marker: ${buildProfile}` }, inferred: false };
  return chooseProfile(profile, shortName(marker), signature, options);
}

/** Other languages read interop entries: their format is fixed, and has a rule of its own (interop-fits.ts). */
function planSerializer(
  { serializer, settings, profileSettings }: MarkerSettings,
  { result, refs }: SignatureShape,
): Pick<CachePlan, 'serializer'> & Pick<SerializerChoice, 'loss'> {
  if (settings.interop !== undefined)
    return { serializer: { value: 'std', reason: 'interop' }, loss: undefined };
  const own = serializer === undefined ? { ...profileSettings, ...settings }.serializer : undefined;
  if (own !== undefined) return { serializer: { value: own, reason: 'marker' }, loss: undefined };
  return chooseSerializer(serializer, result, refs);
}

function siteId(
  { marker, path, packageName, options }: PlanInput,
  name: string | undefined,
): string | undefined {
  const { qualifiedName } = marker.target;
  const inPackage = (text: string): string => (packageName === '' ? text : `${packageName}/${text}`);
  // The ids of a library meet those of others.
  if (name !== undefined)
    return options.library === true && !name.startsWith(`${packageName}/`) ? inPackage(name) : name;
  if (qualifiedName === undefined) return undefined;
  return `${inPackage(path.replace(/\.[cm]?[jt]sx?$/, ''))}#${qualifiedName}`;
}

/** The last part of the qualified name: `Target.name` can be a made-up one. */
function shortName({ target }: Marker): string {
  return target.qualifiedName?.split('.').at(-1) ?? target.name;
}

/** What holds for this function: of the marker, then of its build profile, then of the tsconfig entry. */
function settingsOf(
  { options, packageName }: PlanInput,
  { settings, profileSettings }: MarkerSettings,
  staticTags: readonly string[],
  sync: boolean,
): PlannedSettings {
  const namespace = defaultNamespace(options, packageName);
  return {
    ...(namespace !== undefined && { namespace }),
    ...(sync ? withoutAsync(profileSettings) : profileSettings),
    ...settings,
    ...(staticTags.length > 0 && { tags: staticTags }),
  };
}

/** That of a library carries the name of its package. */
function defaultNamespace({ namespace, library }: PlanOptions, packageName: string): string | undefined {
  if (namespace === undefined || library !== true || packageName === '') return namespace;
  const own = fitNamespace(packageName);
  return namespace === own || namespace.startsWith(`${own}.`)
    ? namespace
    : fitNamespace(`${own}.${namespace}`);
}

/** `this?.#id` throws for an object of another class: in an async function that must be a rejection. */
function readsPrivate({ parts }: KeyPlan): boolean {
  return parts.some((part) => part.source === 'this' && part.text.includes('.#'));
}
