// Finds a running flight by the backend key of its entry: an invalidation made by another process knows only that key.
import type { Flight } from './flight.ts';

const flights = new Map<string, Flight>();

/** Registers the flight under its backend key. */
export function nameFlight(name: string, flight: Flight): void {
  flight.name = name;
  flights.set(name, flight);
}

/** Unregisters a flight that has ended. */
export function forgetFlight(flight: Flight): void {
  if (flight.name !== undefined && flights.get(flight.name) === flight) flights.delete(flight.name);
}

/** The flight that runs for this backend key. */
export function flightOf(name: string): Flight | undefined {
  return flights.get(name);
}
