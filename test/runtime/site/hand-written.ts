// Descriptors and functions as the compiler would emit them, written by hand.
import type { CacheDescriptor } from '../../../runtime/contract/cache-descriptor.ts';
import type { KeyKit } from '../../../runtime/contract/key-kit.ts';
import type { ValueKit, ValueOps } from '../../../runtime/contract/value-kit.ts';
import { site } from '../../../runtime/emit/v1.ts';
import type { Body } from '../../../runtime/site/emitted-site.ts';

let count = 0;

type Changes = Partial<CacheDescriptor>;

const base = (): Pick<
  CacheDescriptor,
  'v' | 'id' | 'profile' | 'package' | 'settings' | 'shape' | 'code' | 'serializer'
> => ({
  v: 1,
  id: `app/src/file#f${++count}`,
  profile: 'default',
  package: 'app',
  settings: {},
  shape: '0123456789abcdef',
  code: 'fedcba9876543210',
  serializer: 'std',
});

export const textValue = (_kit: ValueKit): ValueOps => ({
  accepts: (value) => typeof value === 'string',
  write: (to, value: string) => to.str(value),
  read: (from) => from.str(),
});

export interface User {
  id: number;
  tags: string[];
}

/** `{ id: number; tags: string[] }`, mutable. */
const userValue = (kit: ValueKit): ValueOps => ({
  accepts: (value, open) =>
    kit.plain(value) &&
    typeof value['id'] === 'number' &&
    Array.isArray(value['tags']) &&
    value['tags'].every((tag) => typeof tag === 'string') &&
    (open === true || kit.own(value, ['id', 'tags']) === 2),
  copy: (value: User) => ({ id: value.id, tags: [...value.tags] }),
  write: (to, value: User) => {
    to.list(2);
    to.num(value.id);
    to.list(value.tags.length);
    for (const tag of value.tags) to.str(tag);
    to.end();
    to.end();
  },
  read: (from) => {
    from.list(2);
    const id = from.num();
    const tags = Array.from({ length: from.list() }, () => from.str());
    from.end();
    from.end();
    return { id, tags };
  },
});

/** `(id: number) => Promise<…>`; `ran` counts runs of the body. */
export function oneNumber<R>(body: (id: number) => R, changes: Changes = {}) {
  const descriptor: CacheDescriptor = {
    ...base(),
    index: 1,
    keys: (kit) => ({ key: (id: number) => kit.num(id) }),
    value: userValue,
    ...changes,
    fn: () => call,
  };
  const made = site(descriptor);
  function call(id: number): R {
    const hit = made.hit(id);
    if (hit !== undefined) return hit as R;
    return made.run([id], body as Body) as R;
  }
  return Object.assign(call, { site: made, descriptor });
}

/** `(a, b) => Promise<…>` of two primitives. */
export function twoParts<R>(body: (a: never, b: never) => R, changes: Changes = {}) {
  const descriptor: CacheDescriptor = {
    ...base(),
    index: 2,
    keys: (kit: KeyKit) => ({ key: (a: unknown, b: unknown) => kit.any(a) + kit.any(b) }),
    value: textValue,
    ...changes,
    fn: () => call,
  };
  const made = site(descriptor);
  function call(a: unknown, b: unknown): R {
    const hit = made.hit(a, b);
    if (hit !== undefined) return hit as R;
    return made.run([a, b], body as Body) as R;
  }
  return Object.assign(call, { site: made, descriptor });
}

export interface Query {
  userId: number;
  words?: string[];
}

/** `(q: Query) => Promise<string>`: bucket `userId`, chain by generated equality. */
export function byQuery<R>(body: (q: Query) => R, changes: Changes = {}) {
  const sameWords = (kept: readonly string[] | undefined, words: readonly string[] | undefined): boolean =>
    kept === undefined || words === undefined
      ? kept === words
      : kept.length === words.length && kept.every((word, at) => word === words[at]);
  const descriptor: CacheDescriptor = {
    ...base(),
    index: 'n',
    keys: (kit: KeyKit) => ({
      key: (q: Query) => kit.any(q),
      keep: (q: Query) =>
        kit.only(q, ['userId', 'words'])
          ? [q.userId, { userId: q.userId, words: q.words && [...q.words] }]
          : undefined,
      eq: (kept: Query, q: Query) =>
        kit.only(q, ['userId', 'words']) && kit.same(kept.userId, q.userId) && sameWords(kept.words, q.words),
    }),
    value: textValue,
    ...changes,
    fn: () => call,
  };
  const made = site(descriptor);
  function call(q: Query): R {
    const hit = made.hit(q?.userId, q);
    if (hit !== undefined) return hit as R;
    return made.run([q], body as Body) as R;
  }
  return Object.assign(call, { site: made, descriptor });
}

/** `() => Promise<string>`. */
export function noArguments<R>(body: () => R, changes: Changes = {}) {
  const descriptor: CacheDescriptor = {
    ...base(),
    index: 0,
    value: textValue,
    ...changes,
    fn: () => call,
  };
  const made = site(descriptor);
  function call(): R {
    const hit = made.hit();
    if (hit !== undefined) return hit as R;
    return made.run([], body as Body) as R;
  }
  return Object.assign(call, { site: made, descriptor });
}

/** Synchronous `(id: number) => …`. */
export function syncNumber<R>(body: (id: number) => R, changes: Changes = {}) {
  const descriptor: CacheDescriptor = {
    ...base(),
    index: 1,
    sync: true,
    keys: (kit) => ({ key: (id: number) => kit.num(id) }),
    value: userValue,
    ...changes,
    fn: () => call,
  };
  const made = site(descriptor);
  function call(id: number): R {
    const hit = made.hit(id);
    if (hit !== undefined) return hit as R;
    return made.runSync([id], body as Body) as R;
  }
  return Object.assign(call, { site: made, descriptor });
}

/** A promise to settle by hand. */
export function gate<T = void>(): {
  promise: Promise<T>;
  open: (value: T) => void;
  fail: (e: unknown) => void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, open: resolve, fail: reject };
}
