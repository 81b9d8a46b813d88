// The budgets of this copy of the package, one per namespace.
import { MemoryBudget, type BudgetLimits } from '../memory/budget.ts';
import { currentClock, readTick } from './tick-clock.ts';

const budgets = new Map<string, MemoryBudget>();

interface Budgeted {
  readonly settings: { readonly namespace: string; readonly memory: BudgetLimits | false } | undefined;
}

const NOTHING: BudgetLimits = { maxBytes: 1, maxEntries: 0 };

/** Made with the limits of the first site that asks: they belong to the namespace, not to the site. */
export function budgetOf(site: Budgeted): MemoryBudget {
  const namespace = site.settings?.namespace ?? '';
  let budget = budgets.get(namespace);
  if (budget === undefined) {
    const limits = site.settings?.memory || NOTHING;
    budget = new MemoryBudget(limits, currentClock(), readTick);
    budgets.set(namespace, budget);
  }
  return budget;
}

/** After all sites have dropped their entries: other limits or another clock may hold from now on. */
export function disposeBudgets(): void {
  for (const budget of budgets.values()) budget.dispose();
  budgets.clear();
}
