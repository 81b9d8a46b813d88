// Plans one marked function: combines all choices and gives the function its id.
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
import { unreadOptions } from './unread-options.ts';

export interface PlanInput {
  readonly marker: Marker;
  readonly signature: SignatureShape;
  /** Fingerprint of the signature, 16 hex digits. */
  readonly shapeHash: string;
  /** Tokens of the body and of what it reaches (TypeReader.codeTokens). */
  readonly codeTokens: string;
  /** The same for functions among the options of `cached()`. Default: there are none. */
  readonly optionTokens?: OptionTokens;
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, forward slashes. */
  readonly path: string;
  /** The user's package; '' when it has no name. */
  readonly packageName: string;
  /** From the tsconfig entry. */
  readonly options: PlanOptions;
}

/** Options of the build. Defaults: no profiles; false; false. */
export interface PlanOptions extends ProfileWords {
  readonly namespace: string | undefined;
  readonly profiles?: BuildProfiles;
  readonly library?: boolean;
  readonly multiTenant?: boolean;
}

export interface PlanResult {
  /**
   * Present even when `problems` has errors, so that one build shows all of them; nothing must be generated for such a
   * site (`isBlocking`). Undefined: the function has no name to make an id of.
   */
  readonly plan: CachePlan | undefined;
  readonly problems: readonly Finding[];
}

/** Plans one function. The same input always gives the same plan. */
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
  const unread = unreadOptions(marker, problems);
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
    ...(unread.length > 0 && { unread }),
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
  const conflicts = checkOptions({ marker, profile, settings, key, unread, sync, multiTenant });
  return { plan, problems: [...problems, ...conflicts] };
}

interface ReadMarker extends Omit<PlannedRules, 'problems'> {
  readonly written: MarkerSettings;
  readonly key: KeyPlan;
  readonly failsBy: CachePlan['failsBy'];
  readonly serializer: CachePlan['serializer'];
  readonly problems: readonly Finding[];
}

/** Reads the options of the marker and checks them against the types of the function. */
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

/** The format of interop entries is fixed, as other languages read them; interop-fits.ts checks that the types fit. */
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
  // Ids of a library carry its package name, because the application and other libraries have ids too.
  if (name !== undefined)
    return options.library === true && !name.startsWith(`${packageName}/`) ? inPackage(name) : name;
  if (qualifiedName === undefined) return undefined;
  return `${inPackage(path.replace(/\.[cm]?[jt]sx?$/, ''))}#${qualifiedName}`;
}

/** The last part of the qualified name, because `Target.name` may be made up. */
function shortName({ target }: Marker): string {
  return target.qualifiedName?.split('.').at(-1) ?? target.name;
}

/** The settings in effect: from the marker, else from the build profile, else from the tsconfig entry. */
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

/** The namespace of the tsconfig entry; for a library it is made to begin with the package name. */
function defaultNamespace({ namespace, library }: PlanOptions, packageName: string): string | undefined {
  if (namespace === undefined || library !== true || packageName === '') return namespace;
  const own = fitNamespace(packageName);
  return namespace === own || namespace.startsWith(`${own}.`)
    ? namespace
    : fitNamespace(`${own}.${namespace}`);
}

/** Reading `this.#id` throws for an object of another class; in an async function that must become a rejection. */
function readsPrivate({ parts }: KeyPlan): boolean {
  return parts.some((part) => part.source === 'this' && part.text.includes('.#'));
}
