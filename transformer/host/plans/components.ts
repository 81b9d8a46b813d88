// A graph → its strongly connected components (Tarjan's algorithm): files that import each other in a circle get one
// meaning together.

interface Visit<N> {
  readonly node: N;
  /** The targets of the node that are still to be followed. */
  readonly rest: Iterator<N>;
}

/**
 * The components in topological order: each comes after the components that it leads to. An explicit stack stands in
 * for recursion, as a chain of imports can be as long as the project is large.
 */
export function componentsOf<N>(nodes: Iterable<N>, targets: (node: N) => Iterable<N>): N[][] {
  const components: N[][] = [];
  /** Order of discovery. */
  const indexes = new Map<N, number>();
  /** The lowest index among the open nodes that a node leads to. */
  const lows = new Map<N, number>();
  /** Discovered nodes whose component is not complete yet; `isOpen` has the same. */
  const open: N[] = [];
  const isOpen = new Set<N>();
  const low = (node: N): number => lows.get(node) ?? 0;
  const enter = (node: N): Visit<N> => {
    indexes.set(node, indexes.size);
    lows.set(node, indexes.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, rest: targets(node)[Symbol.iterator]() };
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
      const { node, rest } = top;
      const { done, value } = rest.next();
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
