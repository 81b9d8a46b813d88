// A function that takes 5 ms, like a database query, to measure what an outage of Redis adds.
import { setTimeout } from 'node:timers/promises';

interface Slow {
  id: number;
  name: string;
}

/** @cache.production ttl=1h namespace=bench-outage */
export async function slowOrder(id: number): Promise<Slow> {
  return uncachedOrder(id);
}

export async function uncachedOrder(id: number): Promise<Slow> {
  await setTimeout(5);
  return { id, name: `order ${id}` };
}
