// Which modules can be marked: sources of the user's own.

export const SOURCES = /\.[cm]?[jt]sx?(?:$|\?)/;

/** Packages, declarations, and files imported as text. */
export const NOT_OURS = /[\\/]node_modules[\\/]|\.d\.[cm]?ts(?:$|\?)|[?&]raw(?:&|=|$)/;

/** The same test as `mayContainMarker`, for bundlers that filter before they call JavaScript. */
export const MARKED =
  /@(?:[cC]ache|CACHE)|cached|cachekit[\s\S]*configure|configure[\s\S]*cachekit|\*[^\S\n\r]+cache(?:\.(?:minimal|production|secure|dev|test|local)(?![\w-])|[^\S\n\r]+[a-z][a-z0-9-]*=\S)/;

export function withoutQuery(id: string): string {
  const query = id.indexOf('?');
  return query === -1 ? id : id.slice(0, query);
}

/**
 * Code for this machine that the runtime loads where it is installed: no bundler can put it into a file, and most stop with
 * an error. It stays an import; without the package nothing is compressed.
 */
export const NATIVE = 'lz4-napi';
