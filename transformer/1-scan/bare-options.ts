// The options that may stand alone: the first word after `@cache` is a profile unless it is one of these.

/** No profile of the build may have such a name. */
export const bareOptions: readonly string[] = [
  'cache-null',
  'compress',
  'l1',
  'lock',
  'refresh-ttl-on-get',
  'share',
];
