// Results of 10 KB in memory: one that callers may change, so that each gets a copy, and one that is readonly.
import { makeOrder, type Order } from './backend-sites.ts';

/** @cache.minimal ttl=1h namespace=bench-large */
export async function changeable10k(id: number): Promise<Order> {
  return makeOrder(id, 10_240);
}

interface ReadonlyItem {
  readonly sku: string;
  readonly qty: number;
  readonly price: number;
  readonly tags: readonly string[];
}

interface ReadonlyOrder {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly score: number;
  readonly items: readonly ReadonlyItem[];
}

/** @cache.minimal ttl=1h namespace=bench-large */
export async function readonly10k(id: number): Promise<ReadonlyOrder> {
  return makeOrder(id, 10_240);
}
