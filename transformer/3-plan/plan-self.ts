// What stands for the object in the key of a method: what `self=` says, else the readonly fields that the method reads.
import type { Target } from '../1-scan/marker.ts';
import { propertyPath } from '../2-shape/places-of.ts';
import type { ParamShape, SignatureShape } from '../2-shape/type-shape.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { KeyPartPlan } from './cache-plan.ts';
import type { SelfChoice } from './read-self.ts';

export interface SelfInput {
  readonly target: Target;
  readonly signature: SignatureShape;
  /** The option `self=`. Default: not written. */
  readonly self?: SelfChoice | undefined;
  /** True when captured values are read at each call; false for `cached()`, which reads them once. Default true. */
  readonly atCall?: boolean;
}

interface SelfPlan {
  readonly parts: readonly KeyPartPlan[];
  readonly problems: readonly Finding[];
}

/** No part for `cached()`: it runs before the object exists, or before it is complete. */
export function planSelf(input: SelfInput, ignored: ReadonlySet<string>): SelfPlan {
  const { target, signature, self, atCall = true } = input;
  if (self?.kind === 'instance') return { parts: [INSTANCE], problems: [] };
  if (self?.kind === 'bad') {
    const args = {
      option: 'self',
      expected: 'a path such as $this.id, or instance',
      got: self.got,
      example: 'self=$this.id',
    };
    return { parts: [], problems: [{ code: 'CK1003', range: self.range, args }] };
  }
  if (self?.kind === 'path') {
    if (signature.self?.ok === true) {
      const { shape } = signature.self;
      return { parts: [{ ...partOf(self.names), shape }], problems: [] };
    }
    const suggestion = signature.self?.suggestion;
    const args = { path: self.text, signature: `the class of ${target.name}`, suggestion, noun: 'field' };
    return { parts: [], problems: [{ code: 'CK1011', range: self.range, args }] };
  }
  if (!atCall || ignored.has('this')) return { parts: [], problems: [] };
  const fields = (signature.thisFields ?? []).filter(({ name }) => !ignored.has(thisLabel(name)));
  return { parts: fields.map(fieldPart), problems: [] };
}

/** `this.tenant`, as users write it in `ignore=`. */
export function thisLabel(name: string): string {
  return `this${stepOf(name)}`;
}

function stepOf(name: string): string {
  return name.startsWith('#') ? `.${name}` : propertyPath(name);
}

const fieldPart = ({ name, shape }: ParamShape): KeyPartPlan => ({ ...partOf([name]), shape });

/** The number that this process gives each object. */
const INSTANCE: KeyPartPlan = {
  text: 'self(this)',
  label: 'this',
  shape: {
    kind: 'union',
    arms: [
      { kind: 'primitive', name: 'number' },
      { kind: 'primitive', name: 'undefined' },
    ],
  },
  source: 'instance',
};

/**
 * Every step is `?.`: a method called without its object must fail in its body, as it does without a cache. TypeScript
 * has no `?.#name`; a function that needs it keeps its `async` (CachePlan.raw), which turns the exception into a
 * rejection.
 */
function partOf(names: readonly string[]): Omit<KeyPartPlan, 'shape'> {
  const steps = names.map(stepOf);
  const text = steps.map((step) =>
    step.startsWith('.#') ? step : step.startsWith('.') ? `?${step}` : `?.${step}`,
  );
  return { text: `this${text.join('')}`, label: `this${steps.join('')}`, source: 'this' };
}
