// Rules beside the log, each as a model of its own, with the rule and without.
import { explore, type Outcome } from './explore.ts';

type Steps<S> = (state: S, step: (name: string, when: boolean, change: (copy: S) => void) => void) => void;

function search<S extends object>(
  initial: S,
  next: Steps<S>,
  wrong: (state: S) => string | undefined,
): Outcome {
  return explore({
    initial,
    copy: (state) => structuredClone(state),
    next: (state, step) => next(state, (name, when, change) => (when ? step(name, change) : undefined)),
    wrong,
    encode: (state, into) => new TextEncoder().encodeInto(JSON.stringify(state), into).written,
    decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as S, // what was written above
  });
}

/** A stale value is held while the function runs, and served when it fails. */
export function grace(isCheckedWhenServed: boolean): Outcome {
  const initial = { acked: 0, mark: 0, head: 0, phase: 0, heldBorn: 0, served: -1, due: 0 };
  return search(
    initial,
    (state, step) => {
      step('a stale v0 is found, the function starts', state.phase === 0 && state.mark === 0, (copy) => {
        copy.phase = 1;
        copy.heldBorn = copy.head;
      });
      step('v1 is acknowledged and known here', state.acked === 0, (copy) => {
        copy.acked = 1;
        copy.mark = ++copy.head;
      });
      step('the function fails', state.phase === 1, (copy) => {
        copy.phase = 2;
        copy.due = copy.acked;
        if (!isCheckedWhenServed || copy.mark <= copy.heldBorn) copy.served = 0;
      });
    },
    ({ served, due }) =>
      served !== -1 && served < due ? `grace serves v${served}, v${due} was known` : undefined,
  );
}

/** A caller comes while the function runs. */
export function joining(isRefusedAfterRecord: boolean): Outcome {
  interface Flight {
    born: number;
    version: number | null;
    due: number[];
  }
  const initial = {
    source: 0,
    head: 0,
    mark: 0,
    callers: 3,
    flights: [] as Flight[],
    wrong: '',
  };
  return search(
    initial,
    (state, step) => {
      step('a caller comes', state.callers > 0, (copy) => {
        copy.callers--;
        const open = copy.flights.at(-1);
        const isOpen = open !== undefined && (!isRefusedAfterRecord || copy.mark <= open.born);
        if (isOpen) open.due.push(copy.source);
        else copy.flights.push({ born: copy.head, version: null, due: [copy.source] });
      });
      for (const [at, { version }] of state.flights.entries()) {
        step('the function reads', version === null, (copy) => {
          const flight = copy.flights[at];
          if (flight !== undefined) flight.version = copy.source;
        });
        step('the function returns', version !== null, (copy) => {
          const [flight] = copy.flights.splice(at, 1);
          const late = flight?.due.find((due) => due > (flight.version ?? 0));
          if (late !== undefined) copy.wrong = `a caller after the ack of v${late} gets v${flight?.version}`;
        });
      }
      step('v1 is acknowledged', state.source === 0, (copy) => {
        copy.source = 1;
        copy.mark = ++copy.head;
      });
    },
    ({ wrong }) => wrong || undefined,
  );
}

/** Tags that only the result names. */
export function lateTags(isBornBefore: boolean): Outcome {
  const initial = {
    source: 0,
    head: 0,
    mark: 0,
    phase: 0,
    born: 0,
    version: 0,
    entryBorn: -1,
    entryVersion: -1,
  };
  return search(
    initial,
    (state, step) => {
      step('begins', state.phase === 0, (copy) => {
        copy.phase = 1;
        copy.born = copy.head;
      });
      step('reads, and the result names a tag', state.phase === 1, (copy) => {
        copy.phase = 2;
        copy.version = copy.source;
      });
      step('stores', state.phase === 2, (copy) => {
        copy.phase = 3;
        copy.entryVersion = copy.version;
        copy.entryBorn = isBornBefore ? copy.born : copy.head;
      });
      step('the tag is invalidated', state.source < 2, (copy) => {
        copy.source++;
        copy.mark = ++copy.head;
      });
    },
    ({ entryVersion, entryBorn, mark, source }) =>
      entryVersion !== -1 && mark <= entryBorn && entryVersion < source
        ? `v${entryVersion} is valid`
        : undefined,
  );
}

/** Entries of fixed bytes, with the stamp beside them; other programs write such entries too, without stamp or lease. */
export function interop(rules: { isStampBound: boolean; isForeignRefused: boolean }): Outcome {
  const initial = {
    source: 0,
    head: 0,
    mark: 0,
    entry: null as { isOurs: boolean; version: number } | null,
    stamp: null as { born: number; version: number } | null,
    phase: 0,
    born: 0,
    version: 0,
    lease: 0,
    held: 0,
    nextLease: 1,
    foreignPhase: 0,
    foreignVersion: 0,
  };
  type S = typeof initial;
  const wrong = ({ entry, stamp, mark, source }: S): string | undefined => {
    if (entry === null) return undefined;
    const isOfEntry = entry.isOurs && entry.version === stamp?.version;
    const isStamped = stamp !== null && (!rules.isStampBound || isOfEntry);
    const isAccepted = isStamped ? mark <= stamp.born : !rules.isForeignRefused || mark === 0;
    return isAccepted && entry.version < source ? `v${entry.version} is accepted` : undefined;
  };
  return search(
    initial,
    (state, step) => {
      step('we begin', state.phase === 0 && state.nextLease < 4, (copy) => {
        copy.phase = 1;
        copy.born = copy.head;
        if (copy.lease === 0) copy.lease = copy.nextLease++;
        copy.held = copy.lease;
      });
      step('we read', state.phase === 1, (copy) => {
        copy.phase = 2;
        copy.version = copy.source;
      });
      step('we store entry and stamp', state.phase === 2, (copy) => {
        copy.phase = 0;
        if (copy.lease !== copy.held) return;
        copy.entry = { isOurs: true, version: copy.version };
        copy.stamp = { born: copy.born, version: copy.version };
        copy.lease = 0;
      });
      step('another program reads', state.foreignPhase === 0, (copy) => {
        copy.foreignPhase = 1;
        copy.foreignVersion = copy.source;
      });
      step('another program stores', state.foreignPhase === 1, (copy) => {
        copy.foreignPhase = 2;
        copy.entry = { isOurs: false, version: copy.foreignVersion };
      });
      step('the function is invalidated', state.source === 0, (copy) => {
        copy.source = 1;
        copy.mark = ++copy.head;
      });
    },
    wrong,
  );
}

/** A store in one file has no lease: a fill looks for its key in the log, which is not kept for ever. */
export function oneFile(isAgeChecked: boolean): Outcome {
  const KEPT = 2;
  const initial = { source: 0, log: [] as number[], entry: -1, phase: 0, age: 0, version: 0, clock: 0 };
  return search(
    initial,
    (state, step) => {
      step('begins', state.phase === 0, (copy) => {
        copy.phase = 1;
        copy.age = 0;
      });
      step('reads', state.phase === 1, (copy) => {
        copy.phase = 2;
        copy.version = copy.source;
      });
      step('fills', state.phase === 2, (copy) => {
        copy.phase = 0;
        const isInvalidated = copy.log.some((age) => age <= copy.age);
        if (!isInvalidated && !(isAgeChecked && copy.age >= KEPT)) copy.entry = copy.version;
      });
      step('an invalidation is committed', state.source < 2, (copy) => {
        copy.source++;
        copy.log.push(0);
        copy.entry = -1;
      });
      step('time passes', state.clock < 5, (copy) => {
        copy.clock++;
        copy.age++;
        copy.log = copy.log.map((age) => age + 1).filter((age) => age < KEPT);
      });
    },
    ({ entry, source }) => (entry !== -1 && entry < source ? `v${entry} is stored` : undefined),
  );
}
