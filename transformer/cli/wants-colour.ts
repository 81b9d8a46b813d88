// Whether to print colours: files and pipes get plain text.

/** True for a terminal, unless NO_COLOR is set (https://no-color.org). */
export function wantsColour(stdout: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '';
}
