// Options that may be written without a value. Any other bare first word after `@cache` is the name of a profile.

/** A profile of the build must not have one of these names. */
export const bareOptions: readonly string[] = [
  'cache-null',
  'compress',
  'l1',
  'lock',
  'refresh-ttl-on-get',
  'share',
];
