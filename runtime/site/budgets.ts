// The memory budgets of this copy of the package, one per namespace.
import { MemoryBudget, type BudgetLimits } from '../memory/budget.ts';
import { currentClock, readTick } from './tick-clock.ts';

const budgets = new Map<string, MemoryBudget>();

interface Budgeted {
  readonly settings: { readonly namespace: string; readonly memory: BudgetLimits | false } | undefined;
}

const NOTHING: BudgetLimits = { maxBytes: 1, maxEntries: 0 };

/** The budget of the site's namespace. Its limits are those of the first site that asks. */
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

/** Discards all budgets, so that new limits and another clock apply. All sites must have dropped their entries. */
export function disposeBudgets(): void {
  for (const budget of budgets.values()) budget.dispose();
  budgets.clear();
}
