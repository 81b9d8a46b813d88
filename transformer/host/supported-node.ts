// Checks the version of Node.js before the compiler starts. Older versions lack functions that the compiler calls, and
// would otherwise fail somewhere in the middle of a build.

/** The same versions as in `engines` of the packages. `version`: without a leading `v`. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24;
}

/** @throws Error on an unsupported version, with what is needed and which Node.js this is. */
export function requireNode(version: string = process.versions.node): void {
  if (isSupportedNode(version)) return;
  throw new Error(
    `cachekit needs Node.js 22.18 or later of 22, or 24.11 or later. This is ${version}, at ${process.execPath}.`,
  );
}
