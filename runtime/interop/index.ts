// `cachekit/interop`: keys and values of interop/v1, which the Python and Rust libraries read and write as well.
export { decodeInterop } from './decode-interop.ts';
export { float64, type DeclaredFloat } from './declared-float.ts';
export { encodeInterop } from './encode-interop.ts';
export { interopKey } from './interop-key.ts';
