// Rows 4 to 12 and 33: what lies between one of two processes and the server.
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisServer } from '../../helpers/redis-server.ts';
import type { Faults, TcpFaultProxy } from '../../helpers/tcp-fault-proxy.ts';
import type { Row } from './run-row.ts';
import { onProxy, onServer } from './scenes.ts';

const heal = (proxy: TcpFaultProxy): void => proxy.heal();

/** Again and again while the fault lasts: one reply is soon over. */
function repeatedly(everyMs: number, act: (proxy: TcpFaultProxy) => void): Pick<Row, 'stage'> {
  let timer: NodeJS.Timeout | undefined;
  return {
    stage: onProxy({
      hurt(proxy) {
        act(proxy);
        timer = setInterval(() => act(proxy), everyMs);
      },
      heal(proxy) {
        clearInterval(timer);
        proxy.heal();
      },
    }),
  };
}

const down = (faults: Partial<Faults>) => (proxy: TcpFaultProxy) => proxy.set({ down: faults });

/** Acknowledged by the other process while this one was cut off: for as long as that, and the time to notice. */
const CUT_OFF = { staleMs: 3000 };

export const networkRows: readonly Row[] = [
  {
    id: '4a',
    name: 'connections reset',
    made: 'RST of all, every 200 ms',
    ...repeatedly(200, (proxy) => proxy.rst()),
  },
  {
    id: '4b',
    name: 'connections closed',
    made: 'FIN of all, every 200 ms',
    ...repeatedly(200, (proxy) => proxy.fin()),
  },
  {
    id: '5',
    name: 'refused',
    made: 'listener closed, RST of all',
    stage: onProxy({
      async hurt(proxy) {
        await proxy.refuse();
        proxy.rst();
      },
      heal: (proxy) => proxy.accept(),
    }),
    bounds: CUT_OFF,
  },
  {
    id: '6',
    name: 'half open',
    made: 'bytes vanish both ways',
    stage: onProxy({
      hurt: (proxy) => proxy.set({ up: { blackhole: true }, down: { blackhole: true } }),
      heal,
    }),
    bounds: CUT_OFF,
  },
  {
    id: '7',
    name: 'accepted, then nothing',
    made: 'new connections hang, RST of the old',
    stage: onProxy({
      hurt(proxy) {
        proxy.hangNew(true);
        proxy.rst();
      },
      heal(proxy) {
        proxy.heal();
      },
    }),
    bounds: CUT_OFF,
  },
  {
    id: '8a',
    name: 'reply cut, then silence',
    made: 'three bytes of a reply, then none',
    stage: onProxy({ hurt: down({ cutAfterBytes: 3 }), heal }),
    bounds: CUT_OFF,
  },
  {
    id: '8b',
    name: 'reply cut, then closed',
    made: 'three bytes of a reply, then FIN, every 200 ms',
    ...repeatedly(200, down({ finAfterBytes: 3 })),
  },
  {
    id: '9',
    name: '400 ms late',
    made: 'every reply 400 ms later',
    stage: onProxy({ hurt: down({ latencyMs: 400 }), heal }),
    bounds: CUT_OFF,
  },
  {
    id: '10',
    name: 'a reply lost on a live pipeline',
    made: 'one chunk of replies vanishes, every 100 ms',
    ...repeatedly(100, down({ drop: 1 })),
    bounds: CUT_OFF,
  },
  {
    id: '11',
    name: 'a reply doubled',
    made: 'one chunk of replies comes twice, every 100 ms',
    ...repeatedly(100, down({ duplicate: 1 })),
    bounds: CUT_OFF,
  },
  {
    id: '12',
    name: 'flipped bits',
    made: 'a bit in 5 % of the chunks, both ways',
    stage: onProxy({
      hurt: (proxy) => proxy.set({ up: { flip01: 0.05 }, down: { flip01: 0.05 } }),
      heal,
    }),
    bounds: CUT_OFF,
  },
  {
    id: '33',
    name: 'the link to the log killed',
    made: 'CLIENT KILL of every XREAD, each 50 ms',
    ...killLinks(),
    bounds: { staleMs: 600 },
  },
];

function killLinks(): Pick<Row, 'stage'> {
  let isHurt = false;
  const kill = async (server: RedisServer): Promise<void> => {
    while (isHurt) {
      const list = await server.command('CLIENT', 'LIST').catch(() => '');
      const ids = [...list.matchAll(/id=(\d+)[^\n]*cmd=xread/g)].map(([, id]) => id ?? '');
      await Promise.all(ids.map((id) => server.command('CLIENT', 'KILL', 'ID', id).catch(() => '')));
      await pause(50);
    }
  };
  return {
    stage: onServer({
      hurt(server) {
        isHurt = true;
        void kill(server);
      },
      heal() {
        isHurt = false;
      },
    }),
  };
}
