// Where a value lies, for errors.

/** A part of a path: an index, a name, or an element of a Set, which has neither. */
export type Step = number | string | undefined;

/** `args[0].owner`. Names that could be data (not short identifiers) and elements of Sets appear as `[?]`. */
export function pathText(root: string, steps: readonly Step[]): string {
  return root + steps.map(stepText).join('');
}

function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  return step !== undefined && /^[A-Za-z_$][\w$]{0,39}$/.test(step) ? `.${step}` : '[?]';
}
