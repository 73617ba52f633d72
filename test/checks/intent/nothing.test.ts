/** CIL311 and CIL313: rules that allow nothing, or everybody. */
import { ccnp, cnp, isAllowed, object, places, ports, words } from '../../support/intent';

const PODS = { fromEndpoints: [{}] };

describe('CIL313', () => {
  test.each<[string, string, string[]]>([
    ['an empty entry', cnp({ ingress: [{ ...PODS, toPorts: [{}] }] }), ['/spec/ingress/0/toPorts/0']],
    ['an empty list of ports', cnp({ egress: [{ toEntities: ['world'], toPorts: [{ ports: [] }] }] }), ['/spec/egress/0/toPorts/0']],
    ['ports that are null', cnp({ ingress: [{ toPorts: [{ ports: null }] }] }), ['/spec/ingress/0/toPorts/0']],
    [
      'rules without ports, beside ports without rules',
      cnp({ ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }, { rules: { http: [{}] } }] }] }),
      ['/spec/ingress/0/toPorts/1'],
    ],
    ['a deny rule', ccnp({ ingressDeny: [{ ...PODS, toPorts: [{}] }] }), ['/spec/ingressDeny/0/toPorts/0']],
    [
      'ICMP without types',
      cnp({ ingress: [{ icmps: [{}] }, { icmps: [{ fields: [] }] }] }),
      ['/spec/ingress/0/icmps/0', '/spec/ingress/1/icmps/0'],
    ],
    [
      '`specs`',
      object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, ingress: [{ toPorts: [{}] }] }] }),
      ['/specs/0/ingress/0/toPorts/0'],
    ],
  ])('reported: %s', (_, text, paths) => {
    expect(places('CIL313', text)).toEqual(paths);
  });

  test.each<[string, string]>([
    ['ports', cnp({ ingress: [ports(80)] })],
    ['every port', cnp({ ingress: [{ ...PODS, toPorts: [] }] })],
    ['no rule for ports', cnp({ ingress: [PODS] })],
    ['ports that are filled in later', cnp({ ingress: [{ toPorts: [{ ports: '${PORTS}' }] }] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL313', text)).toEqual([]);
  });

  test('the rules allow nothing', () => {
    const from = { from: 'labels:app=b@shop' };
    expect(isAllowed(cnp({ ingress: [{ ...PODS, toPorts: [{}] }] }), from)).toBe(false);
    expect(isAllowed(cnp({ ingress: [{ ...PODS, toPorts: [] }] }), from)).toBe(true);
    expect(isAllowed(cnp({ ingress: [{ ...PODS, icmps: [{}] }] }), { ...from, protocol: 'ICMP', type: 8, port: undefined })).toBe(false);
  });

  test('the messages', () => {
    expect(words('CIL313', cnp({ ingress: [{ toPorts: [{}] }] }))).toBe(
      'entry without ports allows no port | write `ports` in the same entry, or remove `toPorts` for every port',
    );
    expect(words('CIL313', cnp({ ingress: [{ toPorts: [{ rules: { http: [{}] } }] }] }))).toContain(
      'entry without ports allows no port, and its `rules` are for none',
    );
    expect(words('CIL313', cnp({ egressDeny: [{ icmps: [{}] }] }))).toBe(
      'entry without fields denies no ICMP type | write `fields` with a type: `icmps: [{}]` is not every type',
    );
  });
});

describe('CIL311', () => {
  const to = (service: object, more: object = {}) => cnp({ egress: [{ toServices: [service], ...more }] });
  const SERVICE = '/spec/egress/0/toServices/0';

  test.each<[string, string, string]>([
    ['a DNS name', to({ k8sService: { serviceName: 'db.data.svc', namespace: 'data' } }), `${SERVICE}/k8sService/serviceName`],
    ['the namespace', to({ k8sService: { serviceName: 'db', namespace: 'data.svc' } }), `${SERVICE}/k8sService/namespace`],
    [
      'the namespace of a selector',
      to({ k8sServiceSelector: { selector: { matchLabels: { a: 'b' } }, namespace: 'data.svc' } }),
      `${SERVICE}/k8sServiceSelector/namespace`,
    ],
    [
      'a deny rule',
      cnp({ egressDeny: [{ toServices: [{ k8sService: { serviceName: 'a.b' } }] }] }),
      '/spec/egressDeny/0/toServices/0/k8sService/serviceName',
    ],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL311', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['a plain name', to({ k8sService: { serviceName: 'db', namespace: 'data' } })],
    ['a name that is filled in later', to({ k8sService: { serviceName: '${a.b}' } })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL311', text)).toEqual([]);
  });

  test('a rule with ports is for everybody', () => {
    const text = to({ k8sService: { serviceName: 'db.data.svc', namespace: 'data' } }, ports(8080));
    expect(isAllowed(text, { to: 'entity:world' })).toBe(true);
  });

  test('the messages', () => {
    expect(words('CIL311', to({ k8sService: { serviceName: 'db.data.svc' } }))).toBe(
      'no Service has the name `db.data.svc`, because such names have no dots | write `db`',
    );
    expect(words('CIL311', to({ k8sService: { serviceName: 'db', namespace: '.a' } }))).toBe(
      'no namespace has the name `.a`, because such names have no dots',
    );
  });
});
