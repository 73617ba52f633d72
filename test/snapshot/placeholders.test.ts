/** Verdicts on policies with values that are filled in later: what is known of them counts, and what is not makes an answer unknown. */
import { compile } from '../../lib/engine';

const cnp = (spec: string, metadata = 'name: x, namespace: shop') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
const WEB = 'labels:app=web@shop';
const DB = 'labels:app=db@shop';
const SUBJECT = 'endpointSelector: {matchLabels: {app: db}}';

function answers(text: string, from: string, to: string, more: object = {}): string {
  const { allowed, egress, ingress } = compile([{ name: 'x.yaml', text }]).verdict({ from, to, port: 80, ...more });
  const [side] = [ingress, egress].filter(({ decision }) => decision !== 'n/a');
  return `${allowed === null ? 'unknown' : allowed ? 'allowed' : 'denied'}${side.missing === undefined ? '' : `, ${side.missing}`}`;
}

const IN = 'the value of `${X}` in CiliumNetworkPolicy shop/x';

test.each([
  ['a CIDR: an address may be in it', cnp(`${SUBJECT}, ingress: [{fromCIDR: ["\${X}"]}]`), 'ip:192.0.2.9', `unknown, ${IN}`],
  ['a CIDR: a pod is never in it', cnp(`${SUBJECT}, ingress: [{fromCIDR: ["\${X}"]}]`), WEB, 'denied'],
  ['a part of a CIDR', cnp(`${SUBJECT}, ingress: [{fromCIDR: ["10.0.0.0/\${X}"]}]`), 'ip:192.0.2.9', `unknown, ${IN}`],
  ['a label of a peer', cnp(`${SUBJECT}, ingress: [{fromEndpoints: [{matchLabels: {app: "\${X}"}}]}]`), WEB, `unknown, ${IN}`],
  [
    'a label of a peer that has no such label',
    cnp(`${SUBJECT}, ingress: [{fromEndpoints: [{matchLabels: {tier: "\${X}"}}]}]`),
    WEB,
    'denied',
  ],
  [
    'a label of a peer, of two',
    cnp(`${SUBJECT}, ingress: [{fromEndpoints: [{matchLabels: {app: "\${X}"}}, {matchLabels: {app: web}}]}]`),
    WEB,
    'allowed',
  ],
  ['a key of a label', cnp(`${SUBJECT}, ingress: [{fromEndpoints: [{matchLabels: {"\${X}": a}}]}]`), WEB, `unknown, ${IN}`],
  ['a port', cnp(`${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "\${X}", protocol: TCP}]}]}]`), WEB, `unknown, ${IN}`],
  ['a port of another protocol', cnp(`${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "\${X}", protocol: UDP}]}]}]`), WEB, 'denied'],
  ['a protocol', cnp(`${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "80", protocol: "\${X}"}]}]}]`), WEB, `unknown, ${IN}`],
  ['an end of a port range', cnp(`${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "79", endPort: "\${X}"}]}]}]`), WEB, `unknown, ${IN}`],
  ['an entity', cnp(`${SUBJECT}, ingress: [{fromEntities: ["\${X}"]}]`), WEB, `unknown, ${IN}`],
  ['a whole list of peers', cnp(`${SUBJECT}, ingress: [{fromEndpoints: "\${X}"}]`), WEB, `unknown, ${IN}`],
  ['a whole rule', cnp(`${SUBJECT}, ingress: ["\${X}"]`), WEB, `unknown, ${IN}`],
  ['a whole section', cnp(`${SUBJECT}, ingress: "\${X}"`), WEB, `unknown, ${IN}`],
  ['a label of the subject', cnp('endpointSelector: {matchLabels: {app: "${X}"}}, ingress: [{}]'), WEB, `unknown, ${IN}`],
  [
    'a label of a subject that is selected by another',
    cnp('endpointSelector: {matchLabels: {app: "${X}", tier: b}}, ingress: [{}]'),
    WEB,
    'allowed',
  ],
  ['a switch', cnp(`${SUBJECT}, enableDefaultDeny: {ingress: "\${X}"}, ingress: [{}]`), WEB, `unknown, ${IN}`],
  [
    'a deny of unknown peers',
    cnp(`${SUBJECT}, ingress: [{fromEntities: [all]}], ingressDeny: [{fromCIDR: ["\${X}"]}]`),
    'ip:192.0.2.9',
    `unknown, ${IN}`,
  ],
  ['a label of the key `values`', cnp(`${SUBJECT}, ingress: [{fromEndpoints: [{matchLabels: {values: "\${X}"}}]}]`), WEB, 'denied'],
  ['a description', cnp(`${SUBJECT}, description: "\${X}", ingress: [{fromEntities: [all]}]`), WEB, 'allowed'],
  [
    'a request',
    cnp(`${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "\${X}"}]}}]}]`),
    WEB,
    'allowed',
  ],
  [
    'a namespace',
    cnp(`${SUBJECT}, ingress: [{}]`, 'name: x, namespace: "${X}"'),
    WEB,
    'unknown, the value of `${X}` in CiliumNetworkPolicy ${X}/x',
  ],
  ['a name', cnp(`${SUBJECT}, ingress: [{}]`, 'name: "${X}", namespace: shop'), WEB, 'denied'],
])('%s', (_, text, from, expected) => {
  expect(answers(text, from, DB)).toBe(expected);
});

test.each([
  ['a name', 'toFQDNs: [{matchName: "${X}"}]', `unknown, ${IN}`],
  ['a Service', 'toServices: [{k8sService: {serviceName: "${X}", namespace: a}}]', `unknown, ${IN}`],
  [
    'a label of a Service',
    'toServices: [{k8sServiceSelector: {selector: {matchLabels: {app: "${X}"}}}}], toPorts: [{ports: [{port: "80"}]}]',
    `unknown, ${IN}`,
  ],
  ['a cloud group', 'toGroups: [{aws: {region: "${X}"}}]', `unknown, ${IN}`],
  ['an exception of a CIDR', 'toCIDRSet: [{cidr: 192.0.2.0/24, except: ["${X}"]}]', `unknown, ${IN}`],
  ['an exception of a CIDR that does not hold the address', 'toCIDRSet: [{cidr: 198.51.100.0/24, except: ["${X}"]}]', 'denied'],
  ['a group of CIDRs', 'toCIDRSet: [{cidrGroupRef: "${X}"}]', `unknown, ${IN}`],
])('on egress: %s', (_, rule, expected) => {
  expect(answers(cnp(`${SUBJECT}, egress: [{${rule}}]`), DB, 'ip:192.0.2.9')).toBe(expected);
});

test.each(['ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]', '<path:kv/data/x#cidr>', '{{ .Values.cidr }}', '${X:=192.0.2.0/24}'])(
  '%s is filled in later too',
  (text) => {
    expect(answers(cnp(`${SUBJECT}, ingress: [{fromCIDR: ["${text}"]}]`), 'ip:192.0.2.9', DB)).toMatch(/^unknown/);
  },
);

test('a CIDR group of which a CIDR is not known makes an answer unknown, unless a known CIDR has the address', () => {
  const group = 'apiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata: {name: g}\nspec: {externalCIDRs: ["${X}", 198.51.100.0/24]}\n';
  const text = `${cnp(`${SUBJECT}, egress: [{toCIDRSet: [{cidrGroupRef: g}]}]`)}---\n${group}`;
  expect([answers(text, DB, 'ip:192.0.2.9'), answers(text, DB, 'ip:198.51.100.9'), answers(text, DB, WEB)]).toEqual([
    'unknown, the value of `${X}` in CiliumCIDRGroup g',
    'allowed',
    'denied',
  ]);
});

test('a request is unknown where its rule is filled in later, and a request that another rule allows is allowed', () => {
  const text = cnp(
    `${SUBJECT}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "\${X}"}, {path: /a}]}}]}]`,
  );
  const engine = compile([{ name: 'x.yaml', text }]);
  const request = (path: string) =>
    engine.verdict({ from: WEB, to: DB, port: 80, http: { method: 'GET', path, host: '', headers: {} } }).http;
  expect([request('/a'), request('/b')]).toEqual(['allowed', 'unknown']);
});
