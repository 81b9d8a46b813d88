// The profiles that a marker may name. What each one sets is decided at run time.
import type { Profile } from '../../runtime/contract/settings.ts';

/** Written profiles; `default` cannot be written, it is what a bare `@cache` means. */
export const profileNames: readonly Profile[] = ['minimal', 'production', 'secure', 'dev', 'test', 'local'];

/** Narrows the text after `@cache.` to a profile. */
export function isProfile(text: string): text is Profile {
  return (profileNames as readonly string[]).includes(text); // widened only for the lookup
}
