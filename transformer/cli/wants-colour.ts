// Colours are for people: a file or a pipe gets plain text.

/** A terminal, and https://no-color.org is not asked for. */
export function wantsColour(stdout: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '';
}
