// Merges ProgramFacts of several files or programs.
import type { ProgramFacts } from '../4-check/program-facts.ts';

export function mergeFacts(all: readonly ProgramFacts[]): ProgramFacts {
  return {
    calls: all.flatMap((one) => one.calls),
    writes: all.flatMap((one) => one.writes),
    usesAtOnce: all.flatMap((one) => one.usesAtOnce),
    tags: all.flatMap((one) => one.tags),
    allows: all.flatMap((one) => one.allows),
  };
}
