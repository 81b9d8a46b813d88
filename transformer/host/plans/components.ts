// A graph → its strongly connected components: what imports each other in a circle has one meaning.

interface Visit<N> {
  readonly node: N;
  readonly next: Iterator<N>;
}

/** Each comes after those that it leads to. Without recursion: chains of imports are as long as projects are large. */
export function componentsOf<N>(nodes: Iterable<N>, targets: (node: N) => Iterable<N>): N[][] {
  const components: N[][] = [];
  const indexes = new Map<N, number>();
  const lows = new Map<N, number>();
  const open: N[] = [];
  const isOpen = new Set<N>();
  const low = (node: N): number => lows.get(node) ?? 0;
  const enter = (node: N): Visit<N> => {
    indexes.set(node, indexes.size);
    lows.set(node, indexes.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, next: targets(node)[Symbol.iterator]() };
  };
  const leave = (node: N): void => {
    if (low(node) !== indexes.get(node)) return;
    const component = open.splice(open.lastIndexOf(node));
    for (const one of component) isOpen.delete(one);
    components.push(component);
  };
  for (const start of nodes) {
    if (indexes.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node, next } = top;
      const { done, value } = next.next();
      if (done === true) {
        path.pop();
        const parent = path.at(-1)?.node;
        if (parent !== undefined) lows.set(parent, Math.min(low(parent), low(node)));
        leave(node);
      } else if (!indexes.has(value)) path.push(enter(value));
      else if (isOpen.has(value)) lows.set(node, Math.min(low(node), indexes.get(value) ?? 0));
    }
  }
  return components;
}
