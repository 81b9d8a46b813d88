// Builds a tree of Wire from the parts of a value, for formats that write text.
import type { Wire, WireWriter } from '../contract/wire.ts';
import { encodeBigint, encodeNumber, encodeString } from '../value/leaf-wire.ts';
import { MalformedError, MAX_WIRE_DEPTH, MAX_WIRE_NODES, TooManyNodesError } from './wire-limits.ts';

/** Builds one tree. */
export class WireBuilder implements WireWriter {
  /** Lists that are not ended, the innermost last. The first one holds the result. */
  readonly #open: Wire[][] = [[]];
  #nodesLeft = MAX_WIRE_NODES - 1;

  /** The tree. @throws MalformedError if nothing was written */
  get result(): Wire {
    const [result] = this.#open[0] ?? [];
    if (result === undefined) throw new MalformedError();
    return result;
  }

  list(count: number): void {
    this.#count(count);
    const list: Wire[] = [];
    this.#add(list);
    this.#open.push(list);
  }

  end(): void {
    this.#open.pop();
  }

  nil(): void {
    this.#add(null);
  }

  undef(): void {
    this.list(0);
    this.end();
  }

  bool(value: boolean): void {
    this.#add(value);
  }

  num(value: number): void {
    this.wire(encodeNumber(value));
  }

  str(value: string): void {
    this.#add(encodeString(value));
  }

  big(value: bigint): void {
    this.wire(encodeBigint(value));
  }

  bytes(value: Uint8Array): void {
    this.#add(value);
  }

  leaf(value: unknown): void {
    if (typeof value === 'string') this.str(value);
    else if (typeof value === 'number') this.num(value);
    else if (typeof value === 'bigint') this.big(value);
    else if (value === undefined) this.undef();
    else this.wire(value as null | boolean); // `exact` checks it
  }

  wire(value: Wire): void {
    if (!Array.isArray(value)) return this.#add(exact(value));
    const list: readonly Wire[] = value;
    this.list(list.length);
    for (let i = 0; i < list.length; i++) this.wire(list[i] as Wire); // i < length
    this.end();
  }

  #count(parts: number): void {
    if (this.#open.length > MAX_WIRE_DEPTH) throw new MalformedError();
    if ((this.#nodesLeft -= parts) < 0) throw new TooManyNodesError();
  }

  #add(value: Wire): void {
    this.#open.at(-1)?.push(value);
  }
}

/** Refuses -0 and lone surrogates, which text formats would change silently. */
function exact(value: unknown): Wire {
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (typeof value === 'number' && !Object.is(value, -0)) return value;
  if (typeof value === 'string' && value.isWellFormed()) return value;
  throw new MalformedError();
}
