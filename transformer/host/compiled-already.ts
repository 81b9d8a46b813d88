// Text that a build has already compiled: compiling it again would cache the cache.

const HEAD =
  /^[^\n]*import \* as \$ck\$* from ["']cachekit\/emit\/v\d+["'];|^[^\n]*const \$ck\$* = require\("cachekit\/emit\/v\d+"\);/m;

/** True for the output of any of our hosts: tsc's JavaScript keeps the comments, so markers are still in it. */
export function isCompiledAlready(text: string): boolean {
  return text.includes('cachekit/emit/v') && HEAD.test(text);
}
