// The tenant of a call as a prefix of its canonical key text. No other key text begins with "@".

/** Adds the prefix. */
export function withTenant(tenant: string, text: string): string {
  return `@${tenant.length}:${tenant}${text}`;
}

/** The tenant of a key text; undefined: it has none. */
export function tenantOfText(text: string): string | undefined {
  if (!text.startsWith('@')) return undefined;
  const colon = text.indexOf(':');
  return text.slice(colon + 1, colon + 1 + Number(text.slice(1, colon)));
}
