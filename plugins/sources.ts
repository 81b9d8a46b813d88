// Patterns for module ids and texts: which modules can contain marked functions.

/** JavaScript and TypeScript sources, also with a query. */
export const SOURCES = /\.[cm]?[jt]sx?(?:$|\?)/;

/** Components of Vue, Svelte and Astro, as whole files. The ids of their parts have a query. */
export const COMPONENTS = /\.(?:vue|svelte|astro)$/;

/** Exceptions: packages, declarations, and files imported as text. */
export const NOT_OURS = /[\\/]node_modules[\\/]|\.d\.[cm]?ts(?:$|\?)|[?&]raw(?:&|=|$)/;

/** The same test as `mayContainMarker`, as a pattern for bundlers that filter before they call JavaScript. */
export const MARKED =
  /@(?:[cC]ache|CACHE)|cached|cachekit[\s\S]*configure|configure[\s\S]*cachekit|\*[^\S\n\r]+cache(?:\.(?:minimal|production|secure|dev|test|local)(?![\w-])|[^\S\n\r]+[a-z][a-z0-9-]*=\S)/;

/** The file of a module id. */
export function withoutQuery(id: string): string {
  const query = id.indexOf('?');
  return query === -1 ? id : id.slice(0, query);
}

/**
 * A native addon that the runtime imports if it is installed. Bundlers cannot include it, and most fail on it, so it
 * stays an external import. Without the package nothing is compressed.
 */
export const NATIVE = 'lz4-napi';
