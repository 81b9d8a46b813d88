// A function of 5 ms, as a database would take: what an outage of Redis adds to it.
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
