// Paths to values, for errors.

/** A step of a path: an index or a name; undefined: an element of a Set, which has neither. */
export type Step = number | string | undefined;

/** `args[0].owner`. Elements of Sets, and names that could be data because they are no short identifiers, are `[?]`. */
export function pathText(root: string, steps: readonly Step[]): string {
  return root + steps.map(stepText).join('');
}

function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  return step !== undefined && /^[A-Za-z_$][\w$]{0,39}$/.test(step) ? `.${step}` : '[?]';
}
