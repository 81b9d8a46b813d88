// Which master owns which slot of a Redis Cluster, according to the node that was asked last.
import type { ServerPlace } from './master-finder.ts';
import { listOf, textOf, wholeOf } from './replies.ts';

const SLOTS = 16_384;

/** `host:port`; also of IPv6 addresses, as Redis writes them. */
export function placeName({ host, port }: ServerPlace): string {
  return `${host}:${port}`;
}

/**
 * The place that a MOVED or ASK reply names. An empty host, or `?`, means the node that was asked: it does not know its
 * own name. undefined: there is no port.
 */
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

/** Owners of all slots. */
export class SlotMap {
  #owners: (ServerPlace | undefined)[] = [];
  #masters: readonly ServerPlace[] = [];

  /** undefined: not known. */
  ownerOf(slot: number): ServerPlace | undefined {
    return this.#owners[slot];
  }

  get masters(): readonly ServerPlace[] {
    return this.#masters;
  }

  /** Changes the owner of one slot until the next `read`. */
  move(slot: number, to: ServerPlace): void {
    this.#owners[slot] = to;
  }

  /** Takes the reply to CLUSTER SLOTS. True: a slot has another owner than before. @throws BackendError */
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
