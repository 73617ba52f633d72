/** Connections between workloads: what each side writes, and what they come to. */
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Deployment, Protocol as PlusProtocol } from 'cdk8s-plus-33';
import { compileObjects, MINORS } from '../../../lib/engine';
import { Manifest } from '../../support/synth';
import {
  Cluster,
  ClusterBaseline,
  ConnectionTarget,
  Connections,
  DnsResolver,
  Entity,
  External,
  Gateway,
  HttpRule,
  Peer,
  Policies,
  Port,
  Ports,
  Protocol,
  Workload,
  Workloads,
} from 'cdk8s-cilium';

let app: App;
let shop: Chart;
let data: Chart;
beforeEach(() => {
  app = new App();
  shop = new Chart(app, 'shop', { namespace: 'shop' });
  data = new Chart(app, 'data', { namespace: 'data' });
});

const labels = (name: string, chart = shop, options = {}) => Workload.labels(chart, name, { app: name.toLowerCase() }, options);
const all = () => [shop, data].flatMap((chart) => Testing.synth(chart) as Manifest[]);
const spec = (name: string) => all().find(({ metadata }) => metadata.name === name)?.spec;

/** Whether a flow passes, in every minor; fails if they differ. */
function passes(from: string, to: string, port: number, more: object = {}): boolean | null {
  const answers = MINORS.map((cilium) => {
    const engine = compileObjects(all() as never, { cilium, names: { 'api.example.com': ['192.0.2.1'] } });
    expect(engine.refused).toEqual([]);
    return engine.verdict({ from, to, port, ...more }).passes;
  });
  expect(new Set(answers).size).toBe(1);
  return answers[0];
}

const web = 'labels:app=web@shop';
const db = 'labels:app=db@data';

describe('a connection', () => {
  test('is written on both sides, with the namespace of the other', () => {
    labels('Web').connections.allowTo(labels('Db', data), Port.tcp(5432), { because: 'orders' });
    const toPorts = [{ ports: [{ port: '5432', protocol: 'TCP' }] }];
    expect(spec('web-connections')).toEqual({
      description: 'to data/db on 5432/TCP: orders',
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [{ toEndpoints: [{ matchLabels: { app: 'db', 'io.kubernetes.pod.namespace': 'data' } }], toPorts }],
    });
    expect(spec('db-connections')).toEqual({
      description: 'from shop/web on 5432/TCP: orders',
      endpointSelector: { matchLabels: { app: 'db' } },
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web', 'io.kubernetes.pod.namespace': 'shop' } }], toPorts }],
    });
  });

  test('lets through what it says, and nothing else', () => {
    labels('Web').connections.allowTo(labels('Db', data), Port.tcp(5432));
    expect(passes(web, db, 5432)).toBe(true);
    expect(passes(web, db, 5433)).toBe(false);
    expect(passes('labels:app=other@shop', db, 5432)).toBe(false);
    expect(passes(web, 'entity:world', 443)).toBe(false);
    // The other directions stay open.
    expect(passes('entity:world', web, 8080)).toBe(true);
    expect(passes(db, 'entity:world', 443)).toBe(true);
  });

  test('says the same from either side', () => {
    const one = labels('Web');
    const other = labels('Db', data);
    one.connections.allowTo(other, Port.tcp(5432));
    const before = JSON.stringify(all());
    other.connections.allowFrom(one, Port.tcp(5432));
    expect(JSON.stringify(all())).toBe(before);
  });

  test('has its HTTP rules at the server, and at the client if the server is imported', () => {
    const http = Port.tcp(80).http(HttpRule.get('/v1'));
    const client = labels('Web');
    client.connections.allowTo(labels('Api'), http);
    client.connections.allowTo(Workload.imported('legacy', { app: 'erp' }), http);
    const rules = { http: [{ method: 'GET', path: '/v1' }] };
    expect(spec('web-connections')?.egress).toEqual([
      { toEndpoints: [{ matchLabels: { app: 'api' } }], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
      {
        toEndpoints: [{ matchLabels: { app: 'erp', 'io.kubernetes.pod.namespace': 'legacy' } }],
        toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules }],
      },
    ]);
    expect(passes(web, 'labels:app=api@shop', 80, { http: { method: 'GET', path: '/v1' } })).toBe(true);
    expect(passes(web, 'labels:app=api@shop', 80, { http: { method: 'PUT', path: '/v1' } })).toBe(false);
    expect(passes(web, 'labels:app=erp@legacy', 80, { http: { method: 'PUT', path: '/v1' } })).toBe(false);
  });

  test('to a name opens DNS, once', () => {
    const client = labels('Web');
    client.connections.allowTo(External.domains('api.example.com'), Port.tcp(443));
    client.connections.allowTo(External.domains('cdn.example.com'), Port.tcp(443));
    expect(JSON.stringify(spec('web-connections')).match(/kube-dns/g)).toHaveLength(1);
    expect(passes(web, 'fqdn:api.example.com', 443)).toBe(true);
    expect(passes(web, 'labels:k8s-app=kube-dns@kube-system', 53, { protocol: 'UDP' })).toBe(true);
  });

  test('to a workload opens DNS only if the workload looks up names', () => {
    labels('Web', shop, { resolvesNames: true }).connections.allowTo(labels('Db', data), Port.tcp(5432));
    labels('Api').connections.allowTo(labels('Cache', data), Port.tcp(6379));
    expect(JSON.stringify(spec('web-connections'))).toContain('kube-dns');
    expect(JSON.stringify(spec('api-connections'))).not.toContain('kube-dns');
  });

  test('can come from the gateway, and go to the API server and to blocks', () => {
    const one = labels('Web');
    one.connections.allowFrom(Gateway.ciliumIngress(), Port.tcp(8080));
    one.connections.allowTo(External.kubeApiserver(), Port.tcp(6443));
    one.connections.allowTo(External.cidrs('192.0.2.0/24'), Port.tcp(443));
    one.connections.allowFrom(External.world(), Port.tcp(9000));
    one.connections.allowTo(External.peer('all nodes', Peer.allNodes()), Ports.of([Port.tcp(9100), Port.tcp(10250)]));
    expect(spec('web-connections')?.ingress).toEqual([
      { fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] },
      { fromEntities: ['world'], toPorts: [{ ports: [{ port: '9000', protocol: 'TCP' }] }] },
    ]);
    expect(passes('entity:world', web, 8080)).toBe(false);
    expect(passes(web, 'ip:192.0.2.7', 443)).toBe(true);
  });

  test('can be observed first: nothing is closed', () => {
    labels('Web', shop, { observe: true }).connections.allowTo(labels('Db', data, { observe: true }), Port.tcp(5432));
    expect(spec('web-connections')?.enableDefaultDeny).toEqual({ egress: false });
    expect(passes(web, 'entity:world', 443)).toBe(true);
    expect(passes('entity:world', db, 80)).toBe(true);
  });
});

describe('the policy of a workload', () => {
  test('does not depend on the order of the program', () => {
    const write = (order: readonly number[]) => {
      const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
      const [one, other, third] = ['A', 'B', 'C'].map((name) => labels(name, chart));
      const lines = [
        () => one.connections.allowTo(other, Port.tcp(1), { because: 'x' }),
        () => third.connections.allowTo(other, Port.tcp(1), { because: 'y' }),
        () => one.connections.allowTo(third, Port.udp(2)),
        () => other.connections.allowFrom(Gateway.ciliumIngress(), Port.tcp(3)),
      ];
      order.forEach((line) => lines[line]());
      return (Testing.synth(chart) as Manifest[]).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    };
    expect(write([3, 2, 1, 0])).toEqual(write([0, 1, 2, 3]));
  });

  test('has one rule for all clients with the same traffic', () => {
    const server = labels('Db', data);
    [labels('Web'), labels('Api')].forEach((client) => client.connections.allowTo(server, Port.tcp(5432)));
    expect(spec('db-connections')?.ingress).toHaveLength(1);
  });

  test('keeps what is added to it', () => {
    const one = labels('Web');
    one.connections.allowTo(labels('Db', data), Port.tcp(5432));
    Policies.of(shop).all[0].ciliumPolicy!.denyTo(Peer.cidrs('169.254.169.254/32'));
    one.connections.allowTo(labels('Cache', data), Port.tcp(6379));
    expect(spec('web-connections')).toMatchObject({ egress: [{}, {}], egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] });
  });

  test('is named after the workload, or as it says', () => {
    labels('WebFront').connections.allowTo(labels('Db', data, { metadata: { name: 'database' } }), Port.tcp(5432));
    expect(all().map(({ metadata }) => metadata.name)).toEqual(['web-front-connections', 'database']);
  });

  test('there is none without connections', () => {
    labels('Web');
    expect(all()).toEqual([]);
  });
});

describe('all pods with some labels', () => {
  const scraped = Workloads.labeled({ scrape: 'true' });
  const pod = (name: string) => Workload.labels(shop, name, { app: name.toLowerCase(), scrape: 'true' });

  test('get their side, but are not closed by it', () => {
    const prometheus = Workload.labels(data, 'Prometheus', { app: 'prometheus' });
    const [one, other] = [pod('Web'), pod('Api')];
    prometheus.connections.allowTo(scraped, Port.tcp(9090));
    one.connections.allowFrom(Gateway.ciliumIngress(), Port.tcp(8080));
    other.connections.allowTo(External.world(), Port.tcp(443));
    const prom = 'labels:app=prometheus@data';
    expect(passes(prom, 'labels:app=web,scrape=true@shop', 9090)).toBe(true);
    expect(passes('entity:world', 'labels:app=web,scrape=true@shop', 9090)).toBe(false);
    expect(spec('api-connections')?.enableDefaultDeny).toEqual({ ingress: false });
    expect(passes('entity:world', 'labels:app=api,scrape=true@shop', 9090)).toBe(true);
  });

  test('can be limited to a namespace', () => {
    const prometheus = Workload.labels(data, 'Prometheus', { app: 'prometheus' });
    prometheus.connections.allowTo(scraped.inNamespace('elsewhere'), Port.tcp(9090));
    pod('Web').connections.allowTo(External.world(), Port.tcp(443));
    expect(spec('web-connections')?.ingress).toBeUndefined();
    expect(passes('labels:app=prometheus@data', 'labels:scrape=true@shop', 9090)).toBe(false);
  });
});

test('the sides that another team writes are requirements that a test can ask for', () => {
  const erp = Workload.imported('legacy', { app: 'erp' });
  const one = labels('Web');
  one.connections.allowTo(erp, Port.tcp(9000), { because: 'stock' });
  erp.connections.allowTo(one, Port.tcp(8080));
  one.connections.allowTo(Workloads.labeled({ scrape: 'true' }), Port.named('metrics', Protocol.TCP));
  one.connections.allowTo(External.world(), Port.tcp(443));
  one.connections.allowTo(labels('Api'), Port.tcp(80));
  expect(Connections.requirementsIn(app)).toEqual([
    {
      direction: 'ingress',
      owner: 'legacy/app=erp',
      source: web,
      destination: 'labels:app=erp@legacy',
      port: 9000,
      protocol: 'TCP',
      because: 'stock',
    },
    { direction: 'egress', owner: 'legacy/app=erp', source: 'labels:app=erp@legacy', destination: web, port: 8080, protocol: 'TCP' },
    { direction: 'ingress', owner: 'all scrape=true', source: web, destination: 'labels:scrape=true@default' },
  ]);
});

describe('a workload of the app', () => {
  const deployment = (chart: Chart, ports: { number: number; name?: string; protocol?: PlusProtocol }[] = []) =>
    new Deployment(chart, 'Server', { containers: [{ image: 'x', ports }], podMetadata: { labels: { app: 'server', scrape: 'true' } } });
  const object = (kind: string, template: object, more: object = {}) =>
    new ApiObject(shop, kind, { apiVersion: 'apps/v1', kind, metadata: { name: 'plain' }, spec: { ...more, template } });

  test('has the labels, the namespace and the ports of its pods', () => {
    const server = deployment(shop, [{ number: 8080, name: 'http' }]);
    const one = Workload.of(server);
    one.connections.allowFrom(labels('Web'), Port.named('http', Protocol.TCP));
    one.connections.allowFrom(labels('Api'), one.port('http'));
    expect(Workload.of(server)).toBe(one);
    const policy = Policies.of(server).all[0];
    expect(policy.inNamespace).toBe('shop');
    expect(policy.rules.map(({ traffic }) => traffic)).toEqual([['8080/TCP']]);
    expect(spec(policy.name)?.endpointSelector).toEqual({ matchLabels: { 'cdk8s.io/metadata.addr': expect.any(String) as string } });
  });

  test('sees the port that a container gets later', () => {
    const server = deployment(shop);
    labels('Web').connections.allowTo(Workload.of(server), Port.tcp(9090));
    server.addContainer({ image: 'y', portNumber: 8080 });
    expect(() => all()).toThrow(
      'does not listen on 9090/TCP; it listens on 8080/TCP; write the port of the container, or add it with the option ports',
    );
  });

  test('refuses the port of its Service', () => {
    const server = deployment(shop, [{ number: 8080 }]);
    server.exposeViaService({ name: 'front', ports: [{ port: 80, targetPort: 8080 }] });
    labels('Web').connections.allowTo(Workload.of(server), Port.tcp(80));
    expect(() => all()).toThrow(
      'does not listen on 80/TCP: 80 is a port of the Service `front`, which sends it to 8080; it listens on 8080/TCP',
    );
  });

  test.each([
    ['StatefulSet', object, { selector: { matchLabels: { app: 'db' } } }, { app: 'db' }],
    ['Job', object, {}, { app: 'db', run: '1' }],
  ])('can be a %s', (kind, make, more, expected) => {
    const workload = make(kind, { metadata: { labels: { app: 'db', run: '1', 'controller-uid': 'u' } }, spec: { containers: [] } }, more);
    Workload.of(workload).connections.allowFrom(labels('Web'), Port.tcp(1));
    expect(spec('plain-connections')?.endpointSelector).toEqual({ matchLabels: expected });
  });

  test.each<[what: string, write: () => unknown, message: string]>([
    [
      'a construct without pods',
      () => Workload.of(shop),
      'a Chart has no pod template; pass a Pod, or an object with a pod template such as a Deployment, or write Workload.labels(), at shop',
    ],
    [
      'something else',
      () => Workload.of(5 as never),
      'workload is 5, not a construct; write Workload.labels() for pods that the app does not make',
    ],
    [
      'a namespace that is not said',
      () => Workload.labels(new Chart(app, 'bare'), 'Web', { app: 'web' }),
      'workload web has no namespace; set the namespace of its chart, or of its metadata, at bare/Web',
    ],
    [
      'options of a known workload',
      () => [Workload.of(deployment(shop)), Workload.of(shop.node.findChild('Server'), { observe: true })],
      'is already known; give its options where it is first named, at shop/Server',
    ],
    [
      'a port that it does not name',
      () => labels('Db', data, { ports: { sql: Port.tcp(5432) } }).port('sqll'),
      'data/db has no port `sqll`; did you mean `sql`?, at data/Db',
    ],
    ['no port at all', () => labels('Db', data).port('sql'), 'data/db has no port `sql`; its ports are not named, at data/Db'],
    [
      'a port that it does not have',
      () => labels('Db', data, { ports: { sql: Port.tcp(5432) } }).connections.allowFrom(labels('Web'), Port.tcp(80)),
      'data/db does not listen on 80/TCP; it listens on 5432/TCP; write the port of the container, or add it with the option ports, at data/Db',
    ],
    [
      'no traffic',
      () => labels('Web').connections.allowTo(labels('Db', data), undefined as never),
      'traffic of a connection is undefined; give a port, or Port.everything() for all traffic, at shop/Web',
    ],
    [
      'a peer',
      () => labels('Web').connections.allowTo(Peer.world() as never, Port.tcp(1)),
      'other side of a connection of shop/web is a Peer; create it with a factory method of Workload, Workloads, External or Gateway, at shop/Web',
    ],
    [
      'a name as a client',
      () => labels('Web').connections.allowFrom(External.domains('a.example') as never, Port.tcp(1)),
      'other side of a connection of shop/web is a Domains; create it with a factory method of Workload, Workloads, External or Gateway, at shop/Web',
    ],
    [
      'two imported sides',
      () => Workload.imported('a', { app: 'a' }).connections.allowTo(Workload.imported('b', { app: 'b' }), Port.tcp(1)),
      'neither a/app=a nor b/app=b belongs to this program; use Workload.of() or Workload.labels() for one of them',
    ],
    [
      'two apps',
      () => labels('Web').connections.allowTo(labels('Db', new Chart(new App(), 'x', { namespace: 'x' })), Port.tcp(1)),
      'shop/web and x/db belong to different apps; use Workload.imported() for what another app makes, at shop/Web',
    ],
    [
      'a reason of several lines',
      () => labels('Web').connections.allowTo(labels('Db', data), Port.tcp(1), { because: 'a\nb' }),
      'because is empty, or has several lines; write one line, at shop/Web',
    ],
    [
      'a misspelt option',
      () => labels('Web').connections.allowTo(labels('Db', data), Port.tcp(1), { becuase: 'a' } as never),
      'ConnectionOptions has no property `becuase`; did you mean `because`?, at shop/Web',
    ],
  ])('refuses %s', (_, write, message) => {
    expect(write).toThrow(message);
  });

  test('refuses pods that no policy selects', () => {
    labels('Web').connections.allowTo(Workload.of(object('Deployment', { metadata: {}, spec: {} })), Port.tcp(1));
    expect(() => all()).toThrow(
      'the pods have no labels that Cilium makes part of their identity; give them a label, such as `app`, at shop/Deployment',
    );
  });

  test('refuses pods in the network of their node', () => {
    labels('Web').connections.allowTo(
      Workload.of(object('DaemonSet', { metadata: { labels: { app: 'a' } }, spec: { hostNetwork: true } })),
      Port.tcp(1),
    );
    expect(() => all()).toThrow('pods in the network of their node have no policy of their own');
  });
});

test('a name is no client for the compiler either', () => {
  const target: ConnectionTarget = External.domains('a.example');
  // @ts-expect-error a name cannot open connections
  expect(() => labels('Web').connections.allowFrom(target, Port.tcp(1))).toThrow();
});

test('a cluster says once which resolver is asked', () => {
  const cluster = new Cluster('prod', { dns: DnsResolver.nodeLocalDns() });
  const chart = new Chart(cluster, 'shop', { namespace: 'shop' });
  labels('Web', chart).connections.allowTo(External.domains('api.example.com'), Port.tcp(443));
  new ClusterBaseline(cluster, 'baseline', { defaultDenyEgress: {} });
  const charts = cluster.charts.map((one) => JSON.stringify(Testing.synth(one)));
  expect(charts.every((text) => text.includes('node-local-dns'))).toBe(true);
  expect(Policies.of(cluster).opens(Entity.WORLD)).toBe(false);
});
