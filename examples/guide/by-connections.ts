import { Chart } from 'cdk8s';
import { Connectable, External, HttpRule, Peer, Port, Workload } from 'cdk8s-cilium';

const NAMESPACE = 'default';

/** A, whose policy is written here. */
function a(chart: Chart, key = 'app'): Workload {
  return Workload.labels(chart, 'A', { [key]: 'a' });
}

/** B, whose policy its own team writes: the guide shows one side of every connection. */
function b(key = 'app'): Connectable {
  return Workload.imported(NAMESPACE, { [key]: 'b' });
}

/** The guide's examples of ingress and egress, said as connections. Their verdicts are those of the first version. */
const EXAMPLES: Readonly<Record<string, (chart: Chart) => void>> = {
  /** A accepts connections only from B, on port 80. */
  '08-from-b-to-a': (chart) => {
    a(chart).connections.allowFrom(b(), Port.tcp(80));
  },
  /** A accepts two kinds of HTTP requests from B, one of them with a header. */
  '09-from-b-to-a-api': (chart) => {
    const api = Port.tcp(80).http(HttpRule.get('/public'), HttpRule.put('/avatar$', { headers: ['X-My-Header: true'] }));
    a(chart, 'role').connections.allowFrom(b('role'), api, { because: 'avatars are shown in public' });
  },
  /** A is public: a load balancer sends directly to its pods. */
  '10-from-outside-to-a-direct': (chart) => {
    a(chart).connections.allowFrom(External.world(), Port.everything());
  },
  /** A is public through a port of the nodes: connections that another node forwards arrive as `remote-node`. */
  '11-from-outside-to-a-nodeport': (chart) => {
    const server = a(chart);
    server.connections.allowFrom(External.world(), Port.everything());
    server.connections.allowFrom(External.peer('other nodes', Peer.remoteNodes()), Port.everything());
  },
  /** A can connect only to B. */
  '12-egress-a-to-b': (chart) => {
    a(chart).connections.allowTo(b(), Port.everything());
  },
  /** A can connect only to its own namespace. */
  '13-allow-all-from-a': (chart) => {
    a(chart).connections.allowTo(External.peer('its namespace', Peer.sameNamespace()), Port.everything());
  },
  /** A can connect only to 192.0.2.0/24, on port 80. */
  '14-allow-a-to-cidr': (chart) => {
    a(chart, 'role').connections.allowTo(External.cidrs('192.0.2.0/24'), Port.tcp(80));
  },
  /** A can connect to every peer, but only on TCP ports 80 to 444. */
  '15-allow-a-ports': (chart) => {
    a(chart).connections.allowTo(External.peer('everybody', Peer.any()), Port.tcpRange(80, 444));
  },
  /** A can connect only to these names. */
  '16-from-a-to-domains': (chart) => {
    const domains = ['imroc.cc', '**.imroc.cc', '**.myqcloud.com', '**.tencent.com', '**.tencentcloudapi.com', '**.tencentyun.com'];
    a(chart).connections.allowTo(External.domains(...domains), Port.everything());
  },
};

/** The names of the examples. */
export const BY_CONNECTIONS: readonly string[] = Object.keys(EXAMPLES);

/** The example of a name, in an app of its own. */
export function byConnections(chart: Chart, name: string): void {
  EXAMPLES[name](chart);
}
