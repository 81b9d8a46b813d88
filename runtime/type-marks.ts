// Types that carry meaning to the compiler and nothing at run time: plain values stay assignable.
declare const pii: unique symbol;
declare const secret: unique symbol;
declare const float64: unique symbol;

/** Personal data: a function that returns it must be secure; a bare `@cache` becomes secure. */
export type Pii<T> = T extends null | undefined ? T : T & { readonly [pii]?: true };

/** A credential: as Pii. */
export type Secret<T> = T extends null | undefined ? T : T & { readonly [secret]?: true };

/** With `interop`: a number that other languages have as a float also when it is whole. */
export type Float64 = number & { readonly [float64]?: true };
