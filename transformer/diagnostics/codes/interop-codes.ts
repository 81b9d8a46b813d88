// Problems of functions with `interop`, whose entries other languages read.
import { entry } from '../entry.ts';

export const interopCodes = {
  /** A type outside the data model of interop/v1. */
  CK1119: entry<{ what: string; place: string; why: string }>({
    severity: 'error',
    title: 'interop-data-model',
    message: (a) => `interop cannot hold ${a.what} at ${a.place}: ${a.why}.`,
    help: () =>
      'Use null, texts, numbers, booleans, Dates, Uint8Arrays, arrays and plain objects, or leave interop out.',
  }),
};
