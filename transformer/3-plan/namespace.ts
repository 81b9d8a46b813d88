// The syntax of namespaces.

/** Lower-case letters, digits, `.`, `_`, `-`; 1 to 64 of them. */
export function isNamespace(text: string): boolean {
  return /^[a-z0-9._-]{1,64}$/.test(text);
}

/** The nearest valid namespace: `@acme/Users` → `acme-users`; `app` when nothing is left. */
export function fitNamespace(text: string): string {
  const fitted = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return fitted === '' ? 'app' : fitted;
}
