// The two numbers that outlive a release: what emitted code calls, and what stored bytes look like.

/** Call signature and descriptor of emitted code: the `v1` in `cachekit/emit/v1`. */
export const EMIT_VERSION = 1;

/** Layout of a stored entry (docs/spec/frame.md). */
export const FRAME_VERSION = 1;
