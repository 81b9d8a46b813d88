// Who owns which slot of a Redis Cluster, as the last node that was asked said.
import type { ServerPlace } from './master-finder.ts';
import { listOf, textOf, wholeOf } from './replies.ts';

const SLOTS = 16_384;

/** `host:port`; also of IPv6 addresses, as Redis writes them. */
export function placeName({ host, port }: ServerPlace): string {
  return `${host}:${port}`;
}

/** undefined: no host (the one that was asked, which it does not know by name), or no port. */
export function readPlace(name: string, asked: ServerPlace): ServerPlace | undefined {
  const found = /^(.*):(\d{1,5})(?:@\d+)?$/.exec(name);
  if (found === null) return undefined;
  const host = (found[1] ?? '').replace(/^\[(.*)\]$/, '$1');
  return { host: host === '' || host === '?' ? asked.host : host, port: Number(found[2]) };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly master: ServerPlace;
}

function rangeOf(reply: unknown, asked: ServerPlace): Range {
  const [from, to, node] = listOf(reply);
  const [host, port] = listOf(node);
  const name = host === null ? '' : textOf(host);
  return {
    from: wholeOf(from),
    to: Math.min(wholeOf(to), SLOTS - 1),
    master: { host: name === '' || name === '?' ? asked.host : name, port: wholeOf(port) },
  };
}

export class SlotMap {
  #owners: (ServerPlace | undefined)[] = [];
  #masters: readonly ServerPlace[] = [];

  ownerOf(slot: number): ServerPlace | undefined {
    return this.#owners[slot];
  }

  get masters(): readonly ServerPlace[] {
    return this.#masters;
  }

  /** Until the next `read`. */
  move(slot: number, to: ServerPlace): void {
    this.#owners[slot] = to;
  }

  /** The answer to CLUSTER SLOTS. True: a slot that had an owner has another one. @throws BackendError */
  read(reply: unknown, asked: ServerPlace): boolean {
    const ranges = listOf(reply).map((range) => rangeOf(range, asked));
    const owners = Array.from<ServerPlace | undefined>({ length: SLOTS });
    for (const { from, to, master } of ranges) owners.fill(master, from, to + 1);
    const before = this.#owners;
    const isMoved = owners.some((now, slot) => {
      const old = before[slot];
      return now !== undefined && old !== undefined && placeName(now) !== placeName(old);
    });
    this.#owners = owners;
    this.#masters = [...new Map(ranges.map(({ master }) => [placeName(master), master])).values()];
    return isMoved;
  }
}
