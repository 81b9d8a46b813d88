// Rows 13 and 14: the network itself, between namespaces of this machine.
import { noNamespaces, openNetworkNamespaces, type NetworkNamespaces } from './network-namespaces.ts';
import type { Row } from './run-row.ts';

function between(hurt: (net: NetworkNamespaces) => void): Pick<Row, 'stage' | 'missing' | 'bounds'> {
  return {
    missing: noNamespaces,
    // Both processes are cut off; TCP needs a moment to notice that it can go on.
    bounds: { backMs: 3000 },
    async stage() {
      const net = await openNetworkNamespaces();
      return {
        backends: [net.url, net.url],
        prefix: net.prefix('client'),
        hurt: () => hurt(net),
        heal: () => net.heal(),
        close: () => net.close(),
      };
    },
  };
}

export const namespaceRows: readonly Row[] = [
  {
    id: '13a',
    name: 'partition, both ways',
    made: 'frames to nobody, on both sides',
    ...between((net) => {
      net.swallow('client');
      net.swallow('server');
    }),
  },
  {
    id: '13b',
    name: 'partition, replies only',
    made: 'frames to nobody, on the server side',
    ...between((net) => net.swallow('server')),
  },
  { id: '13c', name: 'cable out', made: 'ip link set down', ...between((net) => net.linkDown()) },
  {
    id: '14',
    name: 'administratively prohibited',
    made: 'ip route add prohibit',
    ...between((net) => net.prohibit()),
  },
];
