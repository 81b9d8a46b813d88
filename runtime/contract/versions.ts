// Version numbers of the two interfaces that outlive a release: emitted code and stored entries.

/** Version of the functions that emitted code calls and of its descriptor: the `v1` in `cachekit/emit/v1`. */
export const EMIT_VERSION = 1;

/** Version of the layout of stored entries (docs/spec/frame.md). */
export const FRAME_VERSION = 1;
