// A function with readonly results, to measure the memory for each entry.
export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly score: number;
}

export function makeUser(id: number): User {
  const text = `user ${id}`;
  return { id, name: text, email: `${text}@example.com`, city: `city ${id % 100}`, score: id / 2 };
}

/** @cache.minimal ttl=1h namespace=bench-user */
export async function readonlyUser(id: number): Promise<User> {
  return makeUser(id);
}
