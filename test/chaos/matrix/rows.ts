// The fault matrix as data, in the order of its numbers.
import { fleetRows } from './rows-fleet.ts';
import { localRows } from './rows-local.ts';
import { namespaceRows } from './rows-namespace.ts';
import { networkRows } from './rows-network.ts';
import { serverRows } from './rows-server.ts';
import type { Row } from './run-row.ts';

const numberOf = ({ id }: Row): number => Number.parseInt(id, 10);

export const matrix: readonly Row[] = [
  ...serverRows,
  ...networkRows,
  ...namespaceRows,
  ...fleetRows,
  ...localRows,
].sort((a, b) => numberOf(a) - numberOf(b));
