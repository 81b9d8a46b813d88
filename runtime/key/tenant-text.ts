// Whose call it is, in front of the canonical text: no other text begins with "@".

export function withTenant(tenant: string, text: string): string {
  return `@${tenant.length}:${tenant}${text}`;
}

/** Undefined: of no tenant in particular. */
export function tenantOfText(text: string): string | undefined {
  if (!text.startsWith('@')) return undefined;
  const colon = text.indexOf(':');
  return text.slice(colon + 1, colon + 1 + Number(text.slice(1, colon)));
}
