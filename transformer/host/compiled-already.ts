// Recognises text that one of our hosts has compiled before. Compiling it again would cache the cached functions.

/** The import or `require` that every emitter puts in front of a compiled file. */
const HEAD =
  /^[^\n]*import \* as \$ck\$* from ["']cachekit\/emit\/v\d+["'];|^[^\n]*const \$ck\$* = require\("cachekit\/emit\/v\d+"\);/m;

/** True for the output of any of our hosts. Its comments, and so its markers, may still be there: tsc keeps them. */
export function isCompiledAlready(text: string): boolean {
  return text.includes('cachekit/emit/v') && HEAD.test(text);
}
