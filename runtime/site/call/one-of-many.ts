// Calls that one `many()` makes: they ask the backend in turn, where single calls would be more than it takes at once.

let isMany = false;

/** True for what begins synchronously in there. */
export function asOneOfMany<T>(begin: () => T): T {
  const outer = isMany;
  isMany = true;
  try {
    return begin();
  } finally {
    isMany = outer;
  }
}

export function isOneOfMany(): boolean {
  return isMany;
}
