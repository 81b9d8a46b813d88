// Which Node.js the compiler runs on. Older ones lack functions that it calls: without a word they would be missed somewhere
// in the middle of a build.

/** As `engines` of the packages. `version`: without a `v`. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24;
}

/** @throws Error that says what is needed, and which Node.js this is. */
export function requireNode(version: string = process.versions.node): void {
  if (isSupportedNode(version)) return;
  throw new Error(
    `cachekit needs Node.js 22.18 or later of 22, or 24.11 or later. This is ${version}, at ${process.execPath}.`,
  );
}
