// Asks the registry for the positions of groups that the view does not hold. The answers are kept in the view.
import type { GuardedLog } from '../reliability/guarded-backend.ts';
import type { View } from './view.ts';

/** What the lookups need. */
export interface LookupsOptions {
  readonly log: GuardedLog;
  readonly prefix: string;
  readonly view: View;
}

/** The lookups of one process. */
export class Lookups {
  readonly #options: LookupsOptions;
  /** Single-flight per group: a thousand concurrent callers of a site ask once. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** Makes the view know these groups, if the registry answers. Never rejects. */
  async learn(ids: readonly string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.#running.has(id));
    if (fresh.length > 0) {
      const asking = this.#ask(fresh);
      for (const id of fresh) this.#running.set(id, asking);
    }
    await Promise.all(ids.map((id) => this.#running.get(id) ?? Promise.resolve()));
  }

  /** The positions of these groups as the registry gives them; undefined if it does not answer. */
  async positions(ids: readonly string[]): Promise<ReadonlyMap<string, number> | undefined> {
    const { log, prefix, view } = this.#options;
    const { inc, head } = view;
    const result = await log.positions({ prefix, inc, head }, ids);
    if (!result.ok) return undefined;
    const { floor, positions } = result.value;
    if (!Number.isSafeInteger(floor)) return undefined;
    const known = new Map<string, number>();
    for (const [at, id] of ids.entries()) {
      const position = positions[at];
      if (Number.isSafeInteger(position)) known.set(id, position ?? 0);
    }
    view.learn(inc, floor, known);
    return known;
  }

  async #ask(ids: readonly string[]): Promise<void> {
    try {
      await this.positions(ids);
    } finally {
      for (const id of ids) this.#running.delete(id);
    }
  }
}
