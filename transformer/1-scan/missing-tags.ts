// Recognises tags that do not exist but that people write (`@cached`, `@cacheTtl`, `cache.production`), and says what
// to write instead.

const INSTEAD: Readonly<Record<string, string>> = {
  '@cached': 'write @cache',
  '@Cache': 'write @cache',
  '@CACHE': 'write @cache',
  '@noCache': 'what has no @cache is not cached',
  '@cacheKey': 'write key=$id after @cache',
  '@cacheIgnore': 'write ignore=log after @cache',
  '@cacheTag': 'write tags=report:$id after @cache',
  '@cacheTags': 'write tags=report:$id after @cache',
  '@cacheTtl': 'write ttl=5m after @cache',
  '@cacheWhen': 'write when="opts.fresh != true" after @cache',
  '@cacheUnless': 'write unless="result.ok == false" after @cache',
  '@cacheEvict': 'write @cacheInvalidate load(id)',
  '@cacheInvalidates': 'write @cacheInvalidate',
  '@cacheinvalidate': 'write @cacheInvalidate',
};

/** `cache.production`, `cache ttl=5m`: a marker whose `@` is missing. Prose does not continue like this. */
const BARE = /^cache(?:\.(?:minimal|production|secure|dev|test|local)(?![\w-])|(?=\s+[a-z][a-z0-9-]*=\S))/;

/** `@cache-production`, `@cacheSecure`: a profile that is not joined by a dot. */
const JOINED = /^@cache[-_]?(minimal|production|secure|dev|test|local)(?![\w$-])/i;

export interface MissingTag {
  readonly tag: string;
  readonly why: string;
  /** Text that can replace the tag as it is. Default: no such simple replacement exists. */
  readonly instead?: string;
}

/**
 * The non-existent tag that `line` begins with, and why it does nothing. Undefined: the line begins with no such tag.
 */
export function missingTag(line: string): MissingTag | undefined {
  const bare = BARE.exec(line)?.[0];
  if (bare !== undefined) return { tag: bare, why: 'its @ is missing', instead: `@${bare}` };
  const [joined = '', profile = ''] = JOINED.exec(line) ?? [];
  if (joined !== '') {
    const instead = `@cache.${profile.toLowerCase()}`;
    return { tag: joined, why: `there is no such tag; write ${instead}`, instead };
  }
  const tag = /^@[A-Za-z]+(?![\w$-])/.exec(line)?.[0] ?? '';
  const instead = Object.hasOwn(INSTEAD, tag) ? INSTEAD[tag] : undefined;
  if (instead === undefined) return undefined;
  const why = `there is no such tag; ${instead}`;
  const isWord = /^write @cache(?:Invalidate)?$/.test(instead);
  return isWord ? { tag, why, instead: instead.replace('write ', '') } : { tag, why };
}

/** Cheap test whether a comment is worth a full scan for tags. */
export function mayContainTag(comment: string): boolean {
  return /@(?:(?:noC|[cC])ache|CACHE)/.test(comment) || lacksAt(comment);
}

/** True when a doc comment line in `text` looks like a marker whose `@` is missing ({@link missingTag}). One search. */
export function lacksAt(text: string): boolean {
  return /\*[^\S\n\r]+cache(?:\.(?:minimal|production|secure|dev|test|local)(?![\w-])|[^\S\n\r]+[a-z][a-z0-9-]*=\S)/.test(
    text,
  );
}
