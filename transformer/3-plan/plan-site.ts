// One marked function → one plan: joins the choices and gives the function its identity.
import { createHash } from 'node:crypto';
import type { Marker } from '../1-scan/marker.ts';
import type { SignatureShape } from '../2-shape/type-shape.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { CachePlan, KeyPlan, PlannedSettings } from './cache-plan.ts';
import type { ProfileWords } from './choose-profile.ts';
import { chooseProfile } from './choose-profile.ts';
import { chooseSerializer } from './choose-serializer.ts';
import { fitNamespace } from './namespace.ts';
import type { MarkerSettings } from './parse-settings.ts';
import { keyFunctionOf, parseSettings } from './parse-settings.ts';
import { planKey } from './plan-key.ts';

export interface PlanInput {
  readonly marker: Marker;
  readonly signature: SignatureShape;
  /** Fingerprint of the signature, 16 hex digits. */
  readonly shapeHash: string;
  /** Tokens of the body and of what it reaches (TypeReader.codeTokens). */
  readonly codeTokens: string;
  /** The same of the key function of `cached()`; undefined: there is none. */
  readonly keyTokens?: string | undefined;
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, forward slashes. */
  readonly path: string;
  /** The user's package; '' when it has no name. */
  readonly packageName: string;
  /** `namespace` of the tsconfig entry and the word lists. */
  readonly options: ProfileWords & { readonly namespace: string | undefined };
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
  const { settings, problems } = parseSettings(marker);
  const { key, problems: keyProblems } = planKey({
    target,
    signature,
    key: settings.key,
    ignore: settings.ignore,
    keyFunction: keyFunctionOf(marker)?.text,
  });
  const { serializer, loss } = chooseSerializer(settings.serializer, signature.result, signature.refs);
  const all: Finding[] = [...problems, ...keyProblems];
  if (loss !== undefined) {
    const range = settings.serializerRange ?? marker.range;
    all.push({ code: 'CK1112', range, args: { serializer: serializer.value, ...loss } });
  }
  const id = siteId(input, settings.name);
  if (id === undefined) {
    all.push({ code: 'CK1016', range: target.nameRange, args: {} });
    return { plan: undefined, problems: all };
  }
  const shapeHash = keyedHash(input, key);
  const plan: CachePlan = {
    id,
    name: target.name,
    file: input.file,
    marker,
    signature,
    ...chooseProfile(settings.profile, shortName(marker), signature, input.options),
    serializer,
    settings: withNamespace(settings, input.options.namespace),
    key,
    sync: !target.async && !signature.returnsPromise,
    raw: target.async && target.params.some((param) => param.pattern || param.default === 'expression'),
    shapeHash,
    codeHash: hash16(`${shapeHash}\n${input.codeTokens}`),
    packageName: fitNamespace(input.packageName),
  };
  return { plan, problems: all };
}

function siteId({ marker, path, packageName }: PlanInput, name: string | undefined): string | undefined {
  if (name !== undefined) return name;
  const { qualifiedName } = marker.target;
  if (qualifiedName === undefined) return undefined;
  const base = path.replace(/\.[cm]?[jt]sx?$/, '');
  return `${packageName === '' ? base : `${packageName}/${base}`}#${qualifiedName}`;
}

/** The last part of the qualified name: `Target.name` can be a made-up one. */
function shortName({ target }: Marker): string {
  return target.qualifiedName?.split('.').at(-1) ?? target.name;
}

function withNamespace({ settings }: MarkerSettings, namespace: string | undefined): PlannedSettings {
  return settings.namespace !== undefined || namespace === undefined ? settings : { ...settings, namespace };
}

// Entries of `key=$a` must never answer for `key=$b`: what makes the key is part of both fingerprints. A key function
// counts with everything it reaches: after a change in it, one key text may mean other arguments.
function keyedHash({ shapeHash, keyTokens }: PlanInput, key: KeyPlan): string {
  if (keyTokens !== undefined) return hash16(`${shapeHash}\nkey function\n${keyTokens}`);
  return key.identity
    ? shapeHash
    : hash16(`${shapeHash}\nkey ${key.parts.map((part) => part.text).join(',')}`);
}

function hash16(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
