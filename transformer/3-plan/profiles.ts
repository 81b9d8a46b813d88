// The built-in profiles that a marker may name. What each one sets is decided at run time.
import type { Profile } from '../../runtime/contract/settings.ts';

/** Without `default`, which cannot be written: a bare `@cache` without other hints means it. */
export const profileNames: readonly Profile[] = ['minimal', 'production', 'secure', 'dev', 'test', 'local'];

/** True when the text after `@cache.` is a built-in profile. */
export function isProfile(text: string): text is Profile {
  return (profileNames as readonly string[]).includes(text); // widened only for the lookup
}
