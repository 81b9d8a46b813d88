// The first question about any file: a bundler asks it for every module, so it costs two substring searches.

/** False: the file has neither a comment marker nor a call of `cached`, and nothing else needs to be loaded for it. */
export function mayContainMarker(text: string): boolean {
  return text.includes('@cache') || text.includes('cached');
}
