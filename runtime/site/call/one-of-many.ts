// Marks the calls that one `many()` makes: they take turns at the backend, as all at once would exceed its limits.

let isMany = false;

/** `isOneOfMany()` is true for calls that begin synchronously inside `begin`. */
export function asOneOfMany<T>(begin: () => T): T {
  const outer = isMany;
  isMany = true;
  try {
    return begin();
  } finally {
    isMany = outer;
  }
}

/** True for a call made by `many()`. */
export function isOneOfMany(): boolean {
  return isMany;
}
