// Runs whose results will be stored under a name in a backend: an invalidation from elsewhere knows the name only.
import type { Flight } from './flight.ts';

const flights = new Map<string, Flight>();

export function nameFlight(name: string, flight: Flight): void {
  flight.name = name;
  flights.set(name, flight);
}

/** When it has ended. */
export function forgetFlight(flight: Flight): void {
  if (flight.name !== undefined && flights.get(flight.name) === flight) flights.delete(flight.name);
}

export function flightOf(name: string): Flight | undefined {
  return flights.get(name);
}
