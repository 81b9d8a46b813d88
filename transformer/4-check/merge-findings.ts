// Many findings of one kind in one result type become one: a query that nobody ran has dozens of methods, a response of
// an HTTP client dozens of headers of one class.
import type { Finding } from '../diagnostics/finding.ts';

type Mergeable = Extract<Finding, { readonly code: 'CK1106' | 'CK1108' | 'CK2006' }>;

/** Fewer findings of one kind get a message each. */
const MANY = 4;

/** The first finding of each kind says how many others there are. */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<Finding, readonly Finding[]>();
  const mergeable = findings.filter((one): one is Mergeable => kindOf(one) !== undefined);
  for (const [first, ...others] of Map.groupBy(mergeable, kindOf).values()) {
    if (first === undefined || others.length + 1 < MANY) continue;
    merged.set(first, [{ ...first, args: { ...first.args, others: others.length } } as Mergeable]); // same code
    for (const other of others) merged.set(other, []);
  }
  return findings.flatMap((one) => merged.get(one) ?? [one]);
}

/** Findings of one kind have the same cause. Undefined: each stands for itself. */
function kindOf(finding: Finding): string | undefined {
  switch (finding.code) {
    case 'CK1106':
      return `function ${ownerOf(finding.args.path)}`;
    case 'CK1108':
      return `class ${finding.args.type}`;
    case 'CK2006':
      return finding.args.asserted === undefined ? 'any' : undefined;
    default:
      return undefined;
  }
}

/** The path of the object that a property belongs to: `.rows[]` for `.rows[].save`. */
function ownerOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
