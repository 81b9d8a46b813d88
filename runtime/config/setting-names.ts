// Names of settings. One that a function does not know is an error: most are typos, which must not be silent.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** Checks the names of options. @throws ERR_CACHEKIT_CONFIG naming the option, with `what` as its owner */
export function checkNames(options: object, known: readonly string[], what: string): void {
  for (const name of Object.keys(options)) if (!known.includes(name)) throw unknownSetting(name, what, known);
}

/** The error for a name that `what` does not know. */
export function unknownSetting(name: string, what: string, known: readonly string[]): CacheKitError {
  const near = known.find(
    (candidate) => candidate.toLowerCase() === name.toLowerCase().replaceAll(/[-_]/g, ''),
  );
  const advice = near === undefined ? `It knows ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
  return new CacheKitError('ERR_CACHEKIT_CONFIG', `\`${name}\` is not a setting of ${what}. ${advice}`);
}
