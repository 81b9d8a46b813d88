// The cached functions that the bench measures, compiled.
import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CacheKitConfig, cacheOf } from 'cachekit';
import type { Order } from './subject/backend-sites.ts';
import type { Query } from './subject/object-sites.ts';
import type { User } from './subject/readonly-site.ts';

export interface Subject {
  readonly numberSites: readonly ((id: number) => Promise<{ id: number; name: string }>)[];
  readonly objectSites: readonly ((query: Query) => Promise<{ id: number }>)[];
  readonly readonlyUser: (id: number) => Promise<User>;
  readonly makeUser: (id: number) => User;
  readonly makeOrder: (id: number, bytes: number) => Order;
  readonly changeable10k: (id: number) => Promise<Order>;
  readonly readonly10k: (id: number) => Promise<unknown>;
  readonly slowOrder: (id: number) => Promise<unknown>;
  readonly uncachedOrder: (id: number) => Promise<unknown>;
  readonly order1k: (id: number) => Promise<Order>;
  readonly order10k: (id: number) => Promise<Order>;
  readonly configure: (config: CacheKitConfig) => void;
  readonly cacheOf: typeof cacheOf;
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Compiles bench/subject and imports the result. */
export async function compileSubject(): Promise<Subject> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const outfile = `${here}../node_modules/.cache/cachekit-bench/subject.mjs`;
  execFileSync(process.execPath, [`${here}compile-subject.ts`, outfile], { stdio: 'inherit' });
  return (await import(pathToFileURL(outfile).href)) as Subject;
}
