// Two functions whose calls all read the second tier, as the bench turns memory off by configuration.
interface Item {
  sku: string;
  qty: number;
  price: number;
  tags: string[];
}

export interface Order {
  id: number;
  name: string;
  email: string;
  active: boolean;
  score: number;
  items: Item[];
}

/** An order of about `bytes` bytes as JSON. */
export function makeOrder(id: number, bytes: number): Order {
  const order: Order = {
    id,
    name: `user ${id}`,
    email: `user${id}@example.com`,
    active: true,
    score: 12.5,
    items: [],
  };
  for (let i = 0; JSON.stringify(order).length < bytes - 60; i++) {
    order.items.push({ sku: `sku-${id}-${i}`, qty: i, price: 9.99 * (i + 1), tags: ['a', 'b'] });
  }
  return order;
}

/** @cache ttl=1h namespace=bench-1k */
export async function order1k(id: number): Promise<Order> {
  return makeOrder(id, 1024);
}

/** @cache ttl=1h namespace=bench-10k */
export async function order10k(id: number): Promise<Order> {
  return makeOrder(id, 10_240);
}
