// Shapes → canonical text → fingerprint. Two signatures get the same hash exactly when their types mean the same
// values: names of types, order of properties and union arms, readonly, and where a recursion was entered do not count.
// (The order of properties is in the entries themselves: 5-generate/layout.ts.)
//
// A shape with refs is a finite graph of an infinite tree, and many graphs stand for the same tree. So nodes are put
// into classes of equal trees (partition refinement, as when a state machine is minimised): start with one class,
// then split by label and the children's classes until nothing splits. Class numbers come from sorting the
// descriptions, so they depend on the trees alone. The text is the table of classes.
import { createHash } from 'node:crypto';
import type { PropertyShape, SignatureShape, TypeShape } from './type-shape.ts';

/** Part of the hashed text, so that a change of the canonical form changes every fingerprint. */
const FORMAT = 'shape/1';

interface Node {
  readonly label: string;
  readonly children: number[];
  readonly union: boolean;
}

/** Canonical text of one shape: equal texts mean equal types. For a readable text see print-shape.ts. */
export function canonicalShape(shape: TypeShape, refs: readonly TypeShape[]): string {
  const graph = createGraph(refs);
  return classTable(graph.nodes, graph.add(shape));
}

/** Fingerprint of parameters, captures and result: 16 hex digits (64 bits of SHA-256). Parameter names do not count. */
export function shapeHash(signature: SignatureShape): string {
  const graph = createGraph(signature.refs);
  const params = [...signature.bound, ...signature.captures];
  const flags = params.map((param) => `${param.optional ? '?' : ''}${param.rest ? '...' : ''}`);
  const root = graph.reserve(`signature ${signature.bound.length} ${JSON.stringify(flags)}`);
  for (const shape of [...params.map((param) => param.shape), signature.result])
    root.children.push(graph.add(shape));
  const text = `${FORMAT}\n${classTable(graph.nodes, root.index)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function createGraph(refs: readonly TypeShape[]) {
  const nodes: Node[] = [];
  const refNodes = new Map<number, number>();
  const leaves = new Map<string, number>();
  const reserve = (label: string, union = false): { index: number; children: number[] } => {
    const children: number[] = [];
    nodes.push({ label, children, union });
    return { index: nodes.length - 1, children };
  };
  const addRef = (id: number): number => {
    const known = refNodes.get(id);
    if (known !== undefined) return known;
    // A union of one arm means the same as the arm itself, and gives the recursion a node to point to before it is
    // read.
    const holder = reserve('union', true);
    refNodes.set(id, holder.index);
    const body = refs[id];
    holder.children.push(body === undefined ? reserve('nothing').index : add(body));
    return holder.index;
  };
  /** Equal leaves share one node: most nodes are leaves, and few of them differ. */
  const addLeaf = (label: string): number => {
    const known = leaves.get(label) ?? reserve(label).index;
    leaves.set(label, known);
    return known;
  };
  const add = (shape: TypeShape): number => {
    const mark =
      shape.brand === undefined && shape.sensitive === undefined
        ? undefined
        : JSON.stringify([shape.brand, shape.sensitive]);
    if (mark !== undefined) {
      const { brand: _brand, sensitive: _sensitive, ...plain } = shape;
      const marked = reserve(`marked ${mark}`);
      marked.children.push(add(plain));
      return marked.index;
    }
    if (shape.kind === 'ref') return addRef(shape.id);
    const { label, children } = describe(shape);
    if (children.length === 0 && shape.kind !== 'union') return addLeaf(label);
    const node = reserve(label, shape.kind === 'union');
    for (const child of children) node.children.push(add(child));
    return node.index;
  };
  return { nodes, add, reserve };
}

const byName = (properties: readonly PropertyShape[]): readonly PropertyShape[] =>
  properties.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

function describe(shape: Exclude<TypeShape, { kind: 'ref' }>): {
  readonly label: string;
  readonly children: readonly TypeShape[];
} {
  switch (shape.kind) {
    case 'object':
    case 'record': {
      const sorted = byName(shape.properties);
      const names = JSON.stringify(
        sorted.map((property) => (property.optional ? [property.name] : property.name)),
      );
      const own = sorted.map((property) => property.shape);
      return shape.kind === 'object'
        ? { label: `object ${names}`, children: own }
        : { label: `record ${names}`, children: [...own, shape.value] };
    }
    case 'array':
    case 'set':
      return { label: shape.kind, children: [shape.element] };
    case 'map':
      return { label: 'map', children: [shape.key, shape.value] };
    case 'class':
      return { label: `class ${JSON.stringify(shape.id)}`, children: [shape.wire] };
    case 'tuple': {
      const flags = shape.elements.map((element) => (element.rest ? '...' : element.optional ? '?' : '='));
      return {
        label: `tuple ${JSON.stringify(flags)}`,
        children: shape.elements.map((element) => element.shape),
      };
    }
    case 'union':
      return { label: 'union', children: shape.arms };
    default:
      return { label: leafLabel(shape), children: [] };
  }
}

function leafLabel(shape: TypeShape): string {
  switch (shape.kind) {
    case 'primitive':
      return shape.name;
    case 'literal':
      return `literal ${typeof shape.value === 'number' && Object.is(shape.value, -0) ? '-0' : JSON.stringify(shape.value)}`;
    case 'bytes':
      return `bytes ${shape.type}`;
    case 'text':
      return `text ${shape.type}`;
    case 'unsupported':
      return `unsupported ${shape.reason}`;
    default:
      return shape.kind;
  }
}

/** The number of the class of `root`, then the classes of all nodes, one a line in the order of their numbers. */
function classTable(nodes: readonly Node[], root: number): string {
  let ranks: readonly number[] = nodes.map(() => 0);
  for (let count = 1; ;) {
    const described = nodes.map((node) => describeNode(node, nodes, ranks));
    const sorted = [...new Set(described)].toSorted();
    // A round only ever splits classes, so an unchanged count means unchanged classes. The descriptions refer to
    // classes by the numbers of the previous round, so the lines are in that order.
    if (sorted.length === count) {
      const lines: string[] = [];
      described.forEach((text, index) => (lines[ranks[index] ?? 0] = text));
      return `${ranks[root]}\n${lines.join('\n')}`;
    }
    const rankOf = new Map(sorted.map((text, rank) => [text, rank]));
    ranks = described.map((text) => rankOf.get(text) ?? 0);
    count = sorted.length;
  }
}

/** Label and classes of the children; for a union the set of descriptions of its arms, with nested unions flattened. */
function describeNode(node: Node, nodes: readonly Node[], ranks: readonly number[]): string {
  if (!node.union) return `${node.label} (${node.children.map((child) => ranks[child] ?? 0).join(',')})`;
  const arms = new Set<string>();
  const seen = new Set<Node>([node]);
  for (const union of seen) {
    for (const child of union.children) {
      const arm = nodes[child];
      if (arm === undefined) continue;
      if (arm.union) seen.add(arm);
      else arms.add(describeNode(arm, nodes, ranks));
    }
  }
  const sorted = [...arms].toSorted();
  return sorted.length === 1 ? (sorted[0] ?? '') : `union ${JSON.stringify(sorted)}`;
}
