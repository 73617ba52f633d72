/** What only the whole of a policy or of an app can tell fails the synthesis, and says what is wrong and what to write instead. */
import { App, Chart, JsonPatch, Testing, YamlOutputType } from 'cdk8s';
import {
  Authentication,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  EnvoyConfigKind,
  HttpRule,
  Icmp,
  Peer,
  Port,
  PolicySpec,
  Selector,
  TenantIsolation,
} from 'cdk8s-cilium';

const endpointSelector = Selector.labels({ app: 'api' });
const web = Peer.labels({ app: 'web' });
const http = Port.tcp(8080).http(HttpRule.get('/v1'));
const dns = Port.any(53).dns('api.example.com');
const sni = Port.tcp(443).serverNames('api.example.com');
const listener = (name: string) => Port.tcp(80).listener({ name, envoyConfig: 'e', kind: EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG });
const tls = (secretName: string) => Port.tcp(443).http(HttpRule.get('/')).terminatingTls({ secretName, secretNamespace: 'tls' });

/** What the synthesis of a policy in namespace `shop` reports. */
function problems(write: (policy: CiliumNetworkPolicy) => void): string[] {
  const policy = new CiliumNetworkPolicy(new Chart(new App(), 'chart', { namespace: 'shop' }), 'Web', { endpointSelector });
  write(policy);
  return policy.node.validate();
}

const voided = (what: string, narrow: string, section: string, wide: string) =>
  `${what} of port ${narrow} exclude nothing, because another ${section} rule opens ${wide} to the same peers; remove that rule, or give it the same ${what}`;
const unmerged = (at: string, what: string, help: string) =>
  `${at} has ${what} for the same peers, which Cilium cannot merge: it would leave the endpoints without the policy; ${help}`;

test.each<[what: string, write: (policy: CiliumNetworkPolicy) => void, problem: string]>([
  [
    'the same port without server names, which would be limited too',
    (policy) => {
      policy.allowFrom(web, sni);
      policy.allowFrom(web, Port.tcp(443));
    },
    'server names of port 443/TCP limit another ingress rule too, which opens the port to the same peers; write one of the two rules',
  ],
  [
    'the same port without requests',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.tcp(8080));
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'port 8080/TCP'),
  ],
  [
    'every port, in whatever order',
    (policy) => {
      policy.allowFrom(web);
      policy.allowFrom(web, http);
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'every port'),
  ],
  [
    'every port, explicitly',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.everything());
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'every port'),
  ],
  [
    'a range around the port',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.tcpRange(8000, 9000));
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'port 8000–9000/TCP'),
  ],
  [
    'a named port, which may be this one',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.tcpNamed('web'));
    },
    'HTTP rules of port 8080/TCP may exclude nothing, because another ingress rule opens port web/TCP to the same peers, which may be the same port; write both as numbers',
  ],
  [
    'a wider peer: the namespace',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(Peer.sameNamespace(), Port.tcp(8080));
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'port 8080/TCP'),
  ],
  [
    'a wider peer: everybody',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(Peer.any(), Port.any(8080));
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'port 8080/ANY'),
  ],
  [
    'a wider peer: the cluster',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(Peer.cluster());
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'every port'),
  ],
  [
    'a wider CIDR',
    (policy) => {
      policy.allowFrom(Peer.cidrs('192.0.2.0/28'), http);
      policy.allowFrom(Peer.cidrs('192.0.2.0/24'), Port.tcp(8080));
    },
    voided('HTTP rules', '8080/TCP', 'ingress', 'port 8080/TCP'),
  ],
  [
    'the world, for names of it',
    (policy) => {
      policy.allowTo(Peer.fqdns('api.example.com'), Port.tcp(443).http(HttpRule.get('/')));
      policy.allowTo(Peer.world(), Port.tcp(443));
    },
    voided('HTTP rules', '443/TCP', 'egress', 'port 443/TCP'),
  ],
  [
    'every name, beside some',
    (policy) => {
      policy.allowTo(Peer.kubeDns(), dns);
      policy.allowTo(Peer.kubeDns(), Port.any(53));
    },
    voided('DNS names', '53/ANY', 'egress', 'port 53/ANY'),
  ],
  [
    'every server name, of wider peers',
    (policy) => {
      policy.allowTo(Peer.fqdns('api.example.com'), sni);
      policy.allowTo(Peer.world(), Port.tcp(443));
    },
    voided('server names', '443/TCP', 'egress', 'port 443/TCP'),
  ],
])('rules that exclude requests are refused beside a rule that opens %s', (_, write, problem) => {
  expect(problems(write)).toEqual([problem]);
});

test.each<[what: string, write: (policy: CiliumNetworkPolicy) => void, problem: string]>([
  [
    'two modes of authentication',
    (policy) => {
      policy.allowFrom(web, Port.tcp(80), Authentication.required());
      policy.allowFrom(web, Port.tcp(80), Authentication.disabled());
    },
    unmerged('ingress of port 80/TCP', 'two authentication modes', 'give one mode'),
  ],
  [
    'two kinds of rules',
    (policy) => {
      policy.allowTo(web, Port.tcp(53).http(HttpRule.get('/')));
      policy.allowTo(web, Port.tcp(53).dns('*'));
    },
    unmerged('egress of port 53/TCP', 'HTTP rules and DNS names', 'give one kind of rules'),
  ],
  [
    'requests and a listener',
    (policy) => {
      policy.allowTo(web, Port.tcp(80).http(HttpRule.get('/')));
      policy.allowTo(web, listener('a'));
    },
    unmerged('egress of port 80/TCP', 'HTTP rules and a listener', 'give one kind of rules'),
  ],
  [
    'two listeners',
    (policy) => {
      policy.allowTo(web, listener('a'));
      policy.allowTo(web, listener('b'));
    },
    unmerged('egress of port 80/TCP', 'two listeners', 'give one listener'),
  ],
  [
    'two TLS contexts',
    (policy) => {
      policy.allowTo(web, tls('a'));
      policy.allowTo(web, tls('b'));
    },
    unmerged('egress of port 443/TCP', 'two TLS contexts', 'give one context'),
  ],
  [
    'server names, and requests inside TLS',
    (policy) => {
      policy.allowTo(web, sni);
      policy.allowTo(web, Port.tcp(443).http(HttpRule.get('/')));
    },
    unmerged('egress of port 443/TCP', 'server names and requests but no TLS termination', 'give one of them, or add terminatingTls'),
  ],
])('%s for the same peers and port cannot be merged', (_, write, problem) => {
  expect(problems(write)).toEqual([problem]);
});

test.each<[what: string, write: (policy: CiliumNetworkPolicy) => void]>([
  [
    'requests that add up',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.tcp(8080).http(HttpRule.get('/v2')));
    },
  ],
  [
    'the same port of other peers',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(Peer.labels({ app: 'admin' }), Port.tcp(8080));
    },
  ],
  [
    'the same labels in another namespace',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web.inNamespace('data'), Port.tcp(8080));
    },
  ],
  [
    'another port of the same peers, and ping',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowFrom(web, Port.tcp(9090), Port.udp(8080));
      policy.allowFrom(web, Icmp.echoRequest());
    },
  ],
  [
    'another direction',
    (policy) => {
      policy.allowFrom(web, http);
      policy.allowTo(web, Port.tcp(8080));
    },
  ],
  [
    'a deny of the port',
    (policy) => {
      policy.allowFrom(web, http);
      policy.denyFrom(web, Port.tcp(8081));
    },
  ],
  [
    'every name, twice',
    (policy) => {
      policy.allowTo(Peer.kubeDns(), Port.dnsProxy());
      policy.allowTo(Peer.kubeDns(), Port.any(53));
    },
  ],
])('no rule is refused beside %s', (_, write) => {
  expect(problems(write)).toEqual([]);
});

test('the rules of two subjects are not compared', () => {
  expect(
    problems((policy) => {
      policy.allowFrom(web, http);
      policy.addSpec({ endpointSelector: Selector.labels({ app: 'other' }) }).allowFrom(web, Port.tcp(8080));
    }),
  ).toEqual([]);
});

test('the rules of a spec that was added are compared too', () => {
  const write = (spec: PolicySpec) => {
    spec.allowFrom(web, http);
    spec.allowFrom(web);
  };
  expect(
    problems((policy) => {
      policy.allowFrom(web);
      write(policy.addSpec({ endpointSelector: Selector.labels({ app: 'other' }) }));
    }),
  ).toEqual([voided('HTTP rules', '8080/TCP', 'ingress', 'every port')]);
});

test('a rule that is written twice is rendered once', () => {
  const policy = new CiliumNetworkPolicy(new Chart(new App(), 'chart'), 'Web', { endpointSelector });
  policy.allowFrom(web, Port.tcp(80));
  policy.allowFrom(web, Port.tcp(80));
  expect((policy.apiObject.toJson() as { spec: object }).spec).toEqual({
    endpointSelector: { matchLabels: { app: 'api' } },
    ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
  });
});

describe('an app', () => {
  const make = (scope: Chart, name: string, kind: 'namespaced' | 'clusterwide' = 'namespaced') => {
    const props = { metadata: { name }, endpointSelector, defaultDenyIngress: true };
    return kind === 'namespaced'
      ? new CiliumNetworkPolicy(scope, `${name}-1`, props)
      : new CiliumClusterwideNetworkPolicy(scope, `${name}-1`, props);
  };

  test('cannot have two policies of one kind, namespace and name', () => {
    const app = new App();
    make(new Chart(app, 'a', { namespace: 'shop' }), 'web');
    make(new Chart(app, 'b', { namespace: 'shop' }), 'web');
    make(new Chart(app, 'c', { namespace: 'data' }), 'web');
    make(new Chart(app, 'd', { namespace: 'shop' }), 'web', 'clusterwide');
    expect(app.node.validate()).toEqual([
      'CiliumNetworkPolicy shop/web is created by a/web-1 and b/web-1; give each its own metadata.name, or each cluster its own app',
    ]);
    expect(() => app.synthYaml()).toThrow('CiliumNetworkPolicy shop/web is created by');
  });

  test('cannot have two clusterwide policies of one name, whatever the namespaces of their charts', () => {
    const app = new App();
    make(new Chart(app, 'a', { namespace: 'shop' }), 'default', 'clusterwide');
    make(new Chart(app, 'b', { namespace: 'data' }), 'default', 'clusterwide');
    expect(app.node.validate()).toEqual([
      'CiliumClusterwideNetworkPolicy default is created by a/default-1 and b/default-1; give each its own metadata.name, or each cluster its own app',
    ]);
  });

  test.each([
    [YamlOutputType.FILE_PER_CHART, []],
    [
      YamlOutputType.FILE_PER_RESOURCE,
      [
        "a/web-1 and b/web-1 would overwrite each other's file CiliumNetworkPolicy.web; give each its own metadata.name, or choose YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE",
      ],
    ],
    [YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, []],
  ])('of output %s reports the files that would overwrite each other', (yamlOutputType, expected) => {
    const app = new App({ yamlOutputType });
    make(new Chart(app, 'a', { namespace: 'shop' }), 'web');
    make(new Chart(app, 'b', { namespace: 'data' }), 'web');
    expect(app.node.validate()).toEqual(expected);
  });

  test('with a folder for each chart, two namespaces of one chart can still overwrite a file', () => {
    const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    const chart = new Chart(app, 'a');
    for (const namespace of ['shop', 'data']) {
      new CiliumNetworkPolicy(chart, namespace, { metadata: { name: 'web', namespace }, endpointSelector, defaultDenyIngress: true });
    }
    expect(app.node.validate()).toEqual([
      "a/shop and a/data would overwrite each other's file a/CiliumNetworkPolicy.web; give each its own metadata.name, or put them into charts of their own",
    ]);
  });

  test('cannot have labels and annotations that the API server rejects, even if they are added late', () => {
    const chart = new Chart(new App(), 'chart');
    make(chart, 'web').apiObject.metadata.addLabel('team', 'a b');
    expect(() => Testing.synth(chart) as unknown).toThrow('label value `a b` has characters that are not allowed in a label');
    const other = new Chart(new App(), 'other');
    make(other, 'web').apiObject.metadata.addAnnotation('a b', 'c');
    expect(() => Testing.synth(other) as unknown).toThrow('annotation key `a b` is not valid; write `name` or `domain/name`, at other/');
  });

  test('is not compared by what a JSON patch changes', () => {
    const chart = new Chart(new App(), 'chart');
    make(chart, 'web').apiObject.addJsonPatch(JsonPatch.add('/spec/future', true));
    expect(Testing.synth(chart)).toMatchObject([{ spec: { future: true } }]);
  });

  test('cannot have tenants that meet in a namespace, unless both say so', () => {
    const overlapping = (first: boolean, second: boolean) => {
      const chart = new Chart(new App(), 'chart');
      new TenantIsolation(chart, 'A', { namespaceLabels: { tenant: '1' }, mayOverlap: first });
      new TenantIsolation(chart, 'B', { namespaceLabels: { team: 'x' }, mayOverlap: second });
      new TenantIsolation(chart, 'C', { namespaceLabels: { tenant: '2', team: 'y' } });
      return chart.node.findAll().flatMap((one) => one.node.validate());
    };
    const problem =
      'a namespace could belong to this tenant and to chart/A; give both another value of the same label, or set mayOverlap on both';
    expect(overlapping(false, false)).toEqual([problem]);
    expect(overlapping(true, false)).toEqual([problem]);
    expect(overlapping(true, true)).toEqual([]);
  });
});
