// Types that mean something to the compiler and nothing at run time. Plain values are assignable to them.
declare const pii: unique symbol;
declare const secret: unique symbol;
declare const float64: unique symbol;

/** Personal data. A function that returns it must be secure; a bare `@cache` on it becomes secure. */
export type Pii<T> = T extends null | undefined ? T : T & { readonly [pii]?: true };

/** A credential. Has the same effect as `Pii`. */
export type Secret<T> = T extends null | undefined ? T : T & { readonly [secret]?: true };

/** With `interop`: a number that is a float in other languages even if it is whole. */
export type Float64 = number & { readonly [float64]?: true };
