// `cachekit/interop`: keys and values of interop/v1, which cachekit for Python and for Rust read and write too.
export { decodeInterop } from './decode-interop.ts';
export { float64, type DeclaredFloat } from './declared-float.ts';
export { encodeInterop } from './encode-interop.ts';
export { interopKey } from './interop-key.ts';
