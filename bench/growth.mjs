// Measures how time grows with hostile inputs: `npm run bench:growth`, or with `-- WORD...` only the inputs whose names contain a word.
//
// Each kind of input is made in a size that takes about 100 ms, and in twice and four times this size. A time is that of the
// processor, the best of several runs. Linear time grows by 2 for each doubling, quadratic time by 4. The run fails if time grows by more than 2.6.
import { applyFixes } from '../dist/checks/apply-fixes.js';
import { checkObjects, checkSources } from '../dist/checks/check-texts.js';
import { CODES } from '../dist/checks/registry.js';
import { answer } from '../dist/cli/batch.js';
import { accepted } from '../dist/net/parsed.js';
import { parseFlow } from '../dist/read/flow.js';
import { readObjects } from '../dist/read/read.js';
import { RENDERERS } from '../dist/report/findings/renderers.js';
import { reportOf } from '../dist/report/findings/summary.js';
import { compared as comparedChanges } from '../dist/snapshot/changes.js';
import { MOST_COMPARED, MOST_SHOWN, openComparison, openReach } from '../dist/snapshot/reach.js';
import { explainedAnswer } from '../dist/report/verdicts/explained.js';
import { parseSettings } from '../dist/settings/file.js';
import { settle } from '../dist/settings/settings.js';
import { Snapshot } from '../dist/snapshot/snapshot.js';

const MOST_GROWTH = 2.6;
/** In milliseconds, of the smallest size. */
const [LEAST_TIME, GOOD_TIME] = [40, 100];
/** In characters, of the smallest size: four times as many still fit into a document. */
const MOST_LENGTH = 7_000_000;
const ROUNDS = 3;
/** How often a kind that seems to grow too fast is measured again, because another program may have disturbed it. */
const RETRIES = 6;

const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n';
const POLICY = `${HEAD}spec:\n  endpointSelector: {}\n  ingress: [{}]\n`;

const FLOW = { from: 'shop/web', to: 'shop/db', port: 80 };
const CLUSTER = [pod('web', { app: 'web' }), pod('db', { app: 'db' })];
const NAMED_PORT = { toPorts: [{ ports: [{ port: 'http' }] }] };
const WORLD = { toEntities: ['world'] };
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { clusterIP: '10.96.0.1', ports: [{ port: 80, protocol: 'TCP' }] },
};

/** The kinds of input, by name: for a size, an input; and what is done with it. */
const KINDS = {
  // Texts.
  'unknown fields in one object': checked((n) => `${POLICY}  ${times(n, (i) => `f${i}: 1`).join('\n  ')}\n`),
  'unknown fields in one line': checked((n) => `${HEAD}spec: {endpointSelector: {}, ${times(n, (i) => `f${i}: 1`).join(', ')}}\n`),
  'comments above items': checked((n) => ruled('fromCIDR', n, (i) => `# cilium-check: allow CIL202 -- x\n      - 10.0.0.${i % 256}/99`)),
  'comments behind items': checked((n) => ruled('fromCIDR', n, (i) => `- 10.0.0.${i % 256}/99 # cilium-check: allow CIL202 -- x`)),
  'comments above one node': checked((n) => `${HEAD}${'# cilium-check: allow CIL202 -- x\n'.repeat(n)}spec: {endpointSelector: {}}\n`),
  'blanks in a suppression': checked((n) => `${HEAD}# cilium-check: allow${' '.repeat(n)}CIL202 -- x\nspec: {endpointSelector: {}}\n`),
  'blanks before a suppression': checked((n) => `${HEAD}#${' '.repeat(n)}cilium-check: allow CIL202 -- x\nspec: {endpointSelector: {}}\n`),
  'marks in one comment': checked((n) => `${HEAD}# ${'cilium-check: '.repeat(n)}\nspec: {endpointSelector: {}}\n`),
  'marks in one scalar': checked((n) => `${HEAD}spec: {endpointSelector: {}, x: "${'# cilium-check: '.repeat(n)}"}\n`),
  'parts of an annotation': checked(
    (n) => `${POLICY.replace('name: a,', `name: a, annotations: {cdk8s-cilium/allow: "${times(n, () => 'CIL202: x').join('; ')}"},`)}`,
  ),
  hashes: checked((n) => `${POLICY}${'#'.repeat(n)}\n`),
  'lines of hashes': checked((n) => `${POLICY}${'#\n'.repeat(n)}`),
  'hashes behind blanks': checked((n) => `${POLICY}x: ${' #'.repeat(n)}\n`),
  'tags with commas': checked((n) => `${POLICY}x: [${times(n, () => '!foo, v').join(', ')}]\n`),
  tags: checked((n) => `${POLICY}x: [${times(n, () => '!foo v').join(', ')}]\n`),
  'lines in brackets that are not indented': checked((n) => `${POLICY}x: {y: [\n${times(n, (i) => `${i}`).join(',\n')}\n]}\n`),
  'lines in quotes that are not indented': checked((n) => `${POLICY}x:\n  y: "${'a\n'.repeat(n)}"\n`),
  'tabs in brackets': checked((n) => `${POLICY}x: {y: [\n${times(n, (i) => `\t${i}`).join(',\n')}\n]}\n`),
  'question marks in brackets': checked((n) => `${POLICY}x: [${times(n, () => '?a').join(', ')}]\n`),
  'hyphens in brackets': checked((n) => `${POLICY}x: [${times(n, () => '-').join(', ')}]\n`),
  'merge keys over aliases': checked((n) => `${POLICY}x: &x {a: 1, b: 2}\ny:\n${times(n, (i) => `  k${i}: {<<: *x}\n`).join('')}`),
  'merge keys in one mapping': checked((n) => `${POLICY}x: &x {a: 1, b: 2}\ny: {${times(n, () => '<<: *x').join(', ')}}\n`),
  'a list to merge': checked((n) => `${POLICY}x: &x {a: 1, b: 2}\ny: {<<: [${times(n, () => '*x').join(', ')}]}\n`),
  'aliases of a long text': checked((n) => `${POLICY}x: &x ${'a'.repeat(n)}\ny: [${times(n, () => '*x').join(', ')}]\n`),
  anchors: checked((n) => `${POLICY}x: [${times(n, (i) => `&a${i} ${i}`).join(', ')}]\n`),
  'duplicate keys': checked((n) => `${POLICY}x:\n${'  a: 1\n'.repeat(n)}`),
  'duplicate keys in items': checked((n) => `${POLICY}x:\n${'  - {a: 1, a: 2}\n'.repeat(n)}`),
  'long keys': checked((n) => `${POLICY}  ? ${'k'.repeat(n)}\n  : 1\n`),
  'many long keys': checked((n) => `${POLICY}  ${times(n, (i) => `${'k'.repeat(1_000)}${i}: 1`).join('\n  ')}\n`),
  'deep nestings': checked((n) => `${POLICY}x:\n${times(n, () => `- ${'['.repeat(90)}${']'.repeat(90)}`).join('\n')}\n`),
  'deep nestings of unknown fields': checked(
    (n) => `${POLICY}  x:\n${times(n, () => `    - ${'{a: '.repeat(90)}1${'}'.repeat(90)}`).join('\n')}\n`,
  ),
  'brackets that open': checked((n) => `${POLICY}x: ${'['.repeat(n)}\n`),
  'a block scalar': checked((n) => `${POLICY}x: |\n${'  a\n'.repeat(n)}`),
  'a folded scalar': checked((n) => `${POLICY}x: >\n${'  a\n\n'.repeat(n)}`),
  escapes: checked((n) => `${POLICY}x: "${'\\u0041'.repeat(n)}"\n`),
  'control characters in a message': checked(
    (n) => `${HEAD}spec: {endpointSelector: {}, ingress: [{fromCIDR: ["${'\\x1b'.repeat(n)}"]}]}\n`,
  ),
  // Documents.
  documents: checked((n) => times(n, (i) => POLICY.replace('name: a', `name: a${i}`)).join('---\n')),
  'documents with a finding': checked((n) =>
    times(n, (i) => `${HEAD.replace('name: a', `name: a${i}`)}spec: {endpointSelector: {}}\n`).join('---\n'),
  ),
  'documents with the same policy': checked((n) => times(n, () => POLICY).join('---\n')),
  'documents with a template': checked((n) => times(n, () => '{{ if a }}\nkind: CiliumNetworkPolicy\n{{ end }}\n').join('---\n')),
  separators: checked((n) => `${POLICY}${'---\n'.repeat(n)}`),
  'separators with comments': checked((n) => `${POLICY}${'--- # a\n'.repeat(n)}`),
  'lines that begin like separators': checked((n) => `${POLICY}x: |\n${'---a\n'.repeat(n)}`),
  'JSON values in one text': checked((n) => times(n, (i) => JSON.stringify(policy(i))).join('\n')),
  'JSON values in one line': checked((n) => times(n, (i) => JSON.stringify(policy(i, { x: 1 }))).join(' ')),
  'a JSON value on one line': checked((n) => JSON.stringify(policy(0, Object.fromEntries(times(n, (i) => [`f${i}`, 1]))))),
  'template expressions': checked((n) => `${HEAD}spec: {endpointSelector: {}, x: [${times(n, (i) => `"{{ a${i} }}"`).join(', ')}]}\n`),
  'beginnings of template expressions': checked((n) => `${HEAD}spec: {endpointSelector: {}, x: "${'{{ ${'.repeat(n)}"}\n`),
  'template expressions on lines': checked((n) => `${POLICY}${'{{ a }}\n'.repeat(n)}`),
  'keys named kind': checked((n) => `{{ a\n${'kind: Pod\n'.repeat(n)}`),
  // Lists.
  'items of a List': checked((n) => list(n, (i) => JSON.stringify(policy(i)))),
  'items of a List with findings': checked((n) => list(n, (i) => JSON.stringify(policy(i, { ingress: [{ fromCIDR: ['a'] }] })))),
  'items of a List with placeholders': checked((n) => list(n, (i) => JSON.stringify(policy(i, { description: `\${A${i}}` })))),
  'items of a List with the same name': checked((n) => list(n, () => JSON.stringify(policy(0)))),
  'items of a List with annotations': checked((n) =>
    list(n, (i) => {
      const value = policy(i, { ingress: [{ fromCIDR: ['a'] }] });
      return JSON.stringify({ ...value, metadata: { ...value.metadata, annotations: { 'cdk8s-cilium/allow': 'CIL203: x' } } });
    }),
  ),
  'items of a List with comments': checked((n) =>
    list(n, (i) => `# cilium-check: allow CIL203 -- x\n  ${JSON.stringify(policy(i, { ingress: [{ fromCIDR: ['a'] }] }))}`),
  ),
  'Lists in Lists': checked((n) => list(n, () => '{kind: List, apiVersion: v1, items: [{kind: List, apiVersion: v1, items: []}]}')),
  'items that are no objects': checked((n) => list(n, () => '1')),
  // Policies.
  'findings in one line': checked(
    (n) => `${HEAD}spec: {endpointSelector: {}, ingress: [{fromCIDR: [${times(n, () => 'a').join(', ')}]}]}\n`,
  ),
  'findings on lines': checked((n) => ruled('fromCIDR', n, () => '- a')),
  'findings in a comparison': checked((n) => ruled('fromCIDR', n, () => '- a'), { cilium: '1.18..1.20' }),
  'CIDRs in one rule': checked((n) => ruled('fromCIDR', n, (i) => `- 10.${(i >> 8) & 255}.${i & 255}.0/24`)),
  'exceptions of a CIDR': checked(
    (n) =>
      `${HEAD}spec: {endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [${times(n, (i) => `10.${(i >> 8) & 255}.${i & 255}.0/24`).join(', ')}]}]}]}\n`,
  ),
  'FQDN patterns in one rule': checked(
    (n) => `${HEAD}spec: {endpointSelector: {}, egress: [{toFQDNs: [${times(n, (i) => `{matchPattern: "*.a${i}.com"}`).join(', ')}]}]}\n`,
  ),
  'entities in one rule': checked((n) => ruled('fromEntities', n, () => '- world')),
  'unknown entities in one rule': checked((n) => ruled('fromEntities', n, (i) => `- wrold${i}`)),
  'ports in one rule': checked((n) => ruled('toPorts', n, (i) => `- {ports: [{port: "${1 + (i % 60000)}", protocol: TCP}]}`)),
  'ports in one list': checked((n) =>
    ruled('toPorts', 1, () => `- {ports: [${times(n, (i) => `{port: "${1 + (i % 60000)}"}`).join(', ')}]}`),
  ),
  'HTTP rules in one rule': checked((n) =>
    ruled('toPorts', 1, () => `- {ports: [{port: "80"}], rules: {http: [${times(n, (i) => `{path: "/a${i}(b"}`).join(', ')}]}}`),
  ),
  'selectors in one rule': checked((n) => ruled('fromEndpoints', n, (i) => `- {matchLabels: {app: a${i}}}`)),
  'labels in one selector': checked((n) => ruled('fromEndpoints', 1, () => `- {matchLabels: {${times(n, (i) => `a${i}: b`).join(', ')}}}`)),
  'values in one expression': checked((n) =>
    ruled('fromEndpoints', 1, () => `- {matchExpressions: [{key: a, operator: In, values: [${times(n, (i) => `b${i}`).join(', ')}]}]}`),
  ),
  'rules in one policy': checked(
    (n) =>
      `${HEAD}spec:\n  endpointSelector: {}\n  ingress:\n${times(n, (i) => `    - fromEndpoints: [{matchLabels: {app: a${i}}}]\n`).join('')}`,
  ),
  'specs in one policy': checked((n) => `${HEAD}specs:\n${times(n, () => '  - {endpointSelector: {}, ingress: [{}]}\n').join('')}`),
  'labels of a policy': checked((n) => POLICY.replace('name: a,', `name: a, labels: {${times(n, (i) => `a${i}: b`).join(', ')}},`)),
  'a long name': checked((n) => POLICY.replace('name: a', `name: ${'a'.repeat(n)}`)),
  'a long path': checked(
    (n) =>
      `${HEAD}spec: {endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{path: "${'(a|b)*'.repeat(n)}"}]}}]}]}\n`,
  ),
  'a long FQDN pattern': checked(
    (n) => `${HEAD}spec: {endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: "${'*a.'.repeat(n)}"}]}]}\n`,
  ),
  // Tiers.
  'tier policies of one priority': checked((n) => list(n, (i) => JSON.stringify(tier(i, { priority: 1, peer: team(i) })))),
  'tier policies of one priority that meet': checked((n) =>
    list(n, (i) => JSON.stringify(tier(i, { priority: 1, action: ['Accept', 'Deny'][i % 2] }))),
  ),
  'tier rules before rules of an application': checked(
    (n) =>
      `${list(n, (i) => JSON.stringify(tier(i, { peer: team(i) })))}---\n${list(n, (i) => JSON.stringify(policy(i, { ingress: [{ fromEndpoints: [fromTeam(i)] }] })))}`,
  ),
  'networks beside pods': checked(
    (n) =>
      `${list(n, (i) => JSON.stringify(tier(i, { to: { networks: [`${address(i)}/32`] } })))}---\n${list(n, (i) => JSON.stringify({ ...pod(`p${i}`), status: { podIP: address(i) } }))}`,
  ),
  // Reports.
  ...Object.fromEntries(
    Object.keys(RENDERERS).flatMap((format) => [
      [`findings as ${format}`, reported(format, (n) => ruled('fromCIDR', n, () => '- a'))],
      [
        `findings in one line as ${format}`,
        reported(format, (n) => `${HEAD}spec: {endpointSelector: {}, ingress: [{fromCIDR: [${times(n, () => 'a').join(', ')}]}]}\n`),
      ],
      [`brackets in messages as ${format}`, reported(format, (n) => ruled('fromCIDR', n, () => `- "${'[]('.repeat(150)}"`))],
      [`backticks in messages as ${format}`, reported(format, (n) => ruled('fromCIDR', n, () => `- "${'`@'.repeat(250)}"`))],
      [
        `documents as ${format}`,
        reported(format, (n) => times(n, (i) => `${HEAD.replace('name: a', `name: a${i}`)}spec: {endpointSelector: {}}\n`).join('---\n')),
      ],
      [
        `long reasons as ${format}`,
        reported(format, (n) => `${HEAD}# cilium-check: allow CIL202 -- ${'`[@#'.repeat(n)}\nspec: {endpointSelector: {}}\n`),
      ],
      [
        `long names as ${format}`,
        reported(format, (n) => `${HEAD.replace('name: a', `name: "${'`[@#'.repeat(n)}"`)}spec: {endpointSelector: {}}\n`),
      ],
    ]),
  ),
  ...Object.fromEntries(
    Object.keys(RENDERERS).flatMap((format) => [
      [
        `findings of a policy with a long name as ${format}`,
        reported(format, (n) => ruled('fromCIDR', n, () => '- a').replace('name: a', `name: ${'a'.repeat(64 * n)}`)),
      ],
      [
        `findings with one long reason as ${format}`,
        reported(format, (n) => `# cilium-check: allow CIL105, CIL209 -- ${'x'.repeat(64 * n)}\n${ruled('fromCIDR', n, () => '- a')}`),
      ],
    ]),
  ),
  'long lines in windows': reported(
    'text',
    (n) => `${HEAD}spec: {endpointSelector: {}, x: "${'é\t'.repeat(n)}", ingress: [{fromCIDR: [a]}]}\n`,
  ),
  fixes: {
    make: (n) => ruled('fromEntities', n, () => '- World'),
    run: (text) => fixed(checkSources([{ name: 'a.yaml', text }], settingsOf())),
  },
  'fixes of numbers': {
    make: (n) => ruled('toPorts', n, (i) => `- {ports: [{port: ${1 + (i % 60000)}, protocol: TCP}]}`),
    run: (text) => fixed(checkSources([{ name: 'a.yaml', text }], settingsOf())),
  },
  // Verdicts.
  'EndpointSlices of one Service': judged(
    (n) => [SERVICE, ...times(n, slice)],
    [FLOW, { from: 'shop/web', to: 'service:shop/db', port: 80 }],
  ),
  'endpoints of one EndpointSlice': judged(
    (n) => [
      SERVICE,
      slice(
        0,
        times(n, (i) => ({ addresses: [address(i)] })),
      ),
    ],
    [FLOW, { from: 'shop/web', to: 'service:shop/db', port: 80 }],
  ),
  'pods with the same label': judged((n) => times(n, (i) => pod(`p${i}`)), [FLOW]),
  'pods with their own labels': judged((n) => times(n, (i) => pod(`p${i}`, { app: `a${i}` })), [FLOW]),
  'pods with the same address': judged(
    (n) => times(n, (i) => ({ ...pod(`p${i}`), status: { podIP: '10.0.0.1' } })),
    [FLOW, { from: 'ip:10.0.0.1', to: 'shop/db', port: 80 }],
  ),
  'labels of a pod': judged(
    (n) => [pod('x', Object.fromEntries(times(n, (i) => [`a${i}`, 'b'])))],
    [FLOW, { from: 'shop/x', to: 'shop/db', port: 80 }],
  ),
  'set: policies with equal rules for one subject': checkedObjects((n) =>
    times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [{}] }] })),
  ),
  'set: policies with different rules for one subject': checkedObjects((n) =>
    times(n, (i) =>
      policy(i, { ingress: [{ fromEndpoints: [{ matchLabels: { app: `a${i}` } }], toPorts: [{ ports: [{ port: '80' }] }] }] }),
    ),
  ),
  'set: subjects that may overlap': checkedObjects((n) =>
    times(n, (i) => ofLabel(i, { egress: [{ toEndpoints: [{}] }], egressDeny: [WORLD] })),
  ),
  'set: subjects that only deny': checkedObjects((n) =>
    times(n, (i) => ofLabel(i, i % 2 === 0 ? { egressDeny: [WORLD] } : { ingress: [{ fromEndpoints: [{}] }] })),
  ),
  'set: names beside DNS rules': checkedObjects((n) =>
    times(n, (i) => policy(i, { egress: [{ toFQDNs: [{ matchName: `a${i}.example` }] }, lookUps([{ matchPattern: `*.a${i}.example` }])] })),
  ),
  'set: names and DNS patterns of one policy': checkedObjects((n) => [
    policy(0, {
      egress: [
        { toFQDNs: times(n, (i) => ({ matchName: `a${i}.example` })) },
        lookUps(times(n, (i) => ({ matchPattern: `*.b${i}.example` }))),
      ],
    }),
  ]),
  'set: subjects with names, and DNS rules of others': checkedObjects((n) =>
    times(n, (i) =>
      ofLabel(i, {
        egress: [i % 2 === 0 ? { toFQDNs: [{ matchName: `a${i}.example` }] } : lookUps([{ matchPattern: `*.b${i}.example` }])],
      }),
    ),
  ),
  'set: requests beside rules for other peers': checkedObjects((n) =>
    times(n, (i) =>
      policy(i, {
        ingress: [
          {
            fromEndpoints: [{ matchLabels: { app: `a${i}` } }],
            toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], ...(i % 2 === 0 && { rules: { http: [{ method: 'GET' }] } }) }],
          },
        ],
      }),
    ),
  ),
  'set: exceptions of one rule': checkedObjects((n) => [
    policy(0, {
      egress: [
        { toCIDRSet: [{ cidr: '10.0.0.0/8', except: times(n, (i) => `${address(i)}/32`) }] },
        { toCIDRSet: [{ cidr: '10.0.0.0/8', except: times(n, (i) => `${address(i)}/32`) }] },
      ],
    }),
  ]),
  'set: CIDRs of two rules': checkedObjects((n) => [
    policy(0, { egress: [{ toCIDR: times(n, (i) => `${address(i)}/32`) }, { toCIDR: times(n, (i) => `${address(i)}/32`) }] }),
  ]),
  'set: subjects of nodes': checkedObjects((n) =>
    times(n, (i) => ofNodes({ [`k${i}`]: 'v' }, { ingress: [{ fromEntities: ['health'] }] })),
  ),
  'set: subjects that only exclude a label': checkedObjects((n) =>
    times(n, (i) => ofExpression([{ key: `k${i}`, operator: 'DoesNotExist' }], { ingress: [{ fromEndpoints: [{}] }] }, i)),
  ),
  'set: subjects with several values of several labels': checkedObjects((n) =>
    times(n, (i) =>
      ofExpression(
        times(6, (k) => ({ key: `k${k}`, operator: 'In', values: [`a${i}`, `b${i}`] })),
        { egress: [{ toFQDNs: [{ matchName: 'a.example' }] }, ...(i % 2 === 0 ? [lookUps([{ matchPattern: '*' }])] : [])] },
        i,
      ),
    ),
  ),
  'set: narrow subjects below one with many rules': checkedObjects((n) => [
    policy(0, {
      egress: times(n, (i) => ({ toEndpoints: [{ matchLabels: { app: `b${i}` } }] })),
      egressDeny: times(n, (i) => ({ toCIDR: [`${address(i)}/32`] })),
    }),
    ...times(n, (i) =>
      ofLabel(i, { egress: [{ toFQDNs: [{ matchName: 'a.example' }] }, { toEndpoints: [{ matchLabels: { app: `c${i}` } }] }] }),
    ),
  ]),
  'set: ports of one peer': checkedObjects((n) =>
    times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: `${(i % 65_000) + 1}` }] }] }] })),
  ),
  'policies that nearly select pods': checkedObjects((n) =>
    times(n, (i) => [
      { ...policy(i), spec: { endpointSelector: { matchLabels: { app: `applicaton-${i}` } }, ingress: [NAMED_PORT] } },
      pod(`p${i}`, { app: `application-${i}` }),
    ]).flat(),
  ),
  'policies that name ports of all pods': checkedObjects((n) =>
    times(n, (i) => [policy(i, { ingress: [{ toPorts: [{ ports: [{ port: '80' }, { port: 'http' }] }] }] }), pod(`p${i}`)]).flat(),
  ),
  'rules with Services that are not there': checkedObjects((n) =>
    times(n, (i) => [
      policy(i, { egress: [{ toServices: [{ k8sService: { serviceName: `service-${i}x`, namespace: 'shop' } }] }] }),
      { ...SERVICE, metadata: { name: `service-${i}`, namespace: 'shop' } },
    ]).flat(),
  ),
  'connections of which one end allows its half': checkedObjects((n) =>
    times(n, (i) => [
      ofLabel(i, {
        ingress: [{ fromEndpoints: [{ matchLabels: { app: 'nobody' } }] }],
        egress: [{ toEndpoints: [{ matchLabels: { app: `a${i + 1}` } }] }],
      }),
      pod(`p${i}`, { app: `a${i}` }),
    ]).flat(),
  ),
  'rules of one policy between kinds of pods': checkedObjects((n) => [
    policy(0, {
      endpointSelector: { matchLabels: { app: 'a' } },
      egress: times(n, (i) => ({ toEndpoints: [{ matchLabels: { team: `t${i}` } }] })),
    }),
    ...times(n, (i) => pod(`p${i}`, { app: i % 20 === 0 ? 'a' : 'b', team: `t${i}`, kind: `k${i % 20}` })),
  ]),
  'ports of two halves that do not meet': checkedObjects((n) => [
    portsOf('web', 'egress', n, 1),
    portsOf('db', 'ingress', n, 0),
    pod('web', { app: 'web' }),
    pod('db', { app: 'db' }),
  ]),
  'routes to one Service of many pods': checkedObjects((n) => [
    policy(0, { ingress: [{ fromEntities: ['world'] }] }),
    ...times(n, (i) => pod(`p${i}`, { app: 'a', n: `${i}` })),
    { ...SERVICE, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } },
    ...times(n, (i) => ingress(`i${i}`)),
  ]),
  'rules for hosts and for the API server': checkedObjects((n) => [
    policy(0, {
      egress: times(n, (i) => ({
        toEntities: [i % 2 === 0 ? 'host' : 'kube-apiserver'],
        toPorts: [{ ports: [{ port: `${i - (i % 2) + 1}` }] }],
      })),
    }),
  ]),
  'routes of the proxy': checkedObjects((n) => [
    policy(0, { ingress: [{ fromEntities: ['world'] }] }),
    pod('web'),
    { ...SERVICE, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } },
    ...times(n, (i) => ingress(`i${i}`)),
  ]),
  'CIDRs over pods': checkedObjects((n) => [
    policy(0, { egress: [{ toCIDR: times(n, (i) => `${address(i)}/32`) }] }),
    ...times(n, (i) => ({ ...pod(`p${i}`), status: { podIP: address(i) } })),
  ]),
  nodes: judged(
    (n) =>
      times(n, (i) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `n${i}` },
        status: { addresses: [{ type: 'InternalIP', address: address(i) }] },
      })),
    [FLOW],
  ),
  namespaces: judged(
    (n) => times(n, (i) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `n${i}`, labels: { a: 'b' } } })),
    [FLOW],
  ),
  'policies that select one endpoint': judged(
    (n) => times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [{ matchLabels: { app: `a${i}` } }] }] })),
    [FLOW],
  ),
  'policies with their own CIDRs': judged((n) => times(n, (i) => policy(i, { ingress: [{ fromCIDR: [`${address(i)}/32`] }] })), [FLOW]),
  'policies with their own ports': judged(
    (n) => times(n, (i) => policy(i, { ingress: [{ toPorts: [{ ports: [{ port: String(1 + (i % 60000)) }] }] }] })),
    [FLOW],
  ),
  'rules that select one endpoint': judged(
    (n) => [policy(0, { ingress: times(n, (i) => ({ fromEndpoints: [{ matchLabels: { app: `a${i}` } }] })) })],
    [FLOW],
  ),
  'CIDRs of one rule': judged(
    (n) => [policy(0, { ingress: [{ fromCIDR: times(n, (i) => `${address(i)}/32`) }] })],
    [FLOW, { from: 'ip:10.0.0.1', to: 'shop/db', port: 80 }],
  ),
  'exceptions of one CIDR': judged(
    (n) => [policy(0, { ingress: [{ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: times(n, (i) => `${address(i)}/32`) }] }] })],
    [FLOW, { from: 'ip:10.0.0.1', to: 'shop/db', port: 80 }],
  ),
  'names of one rule': judged(
    (n) => [policy(0, { egress: [{ toFQDNs: times(n, (i) => ({ matchName: `a${i}.com` })) }] })],
    [FLOW, { from: 'shop/web', to: 'fqdn:a1.com', port: 80 }],
  ),
  'paths of one rule': judged(
    (n) => [policy(0, { ingress: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: times(n, (i) => ({ path: `/a${i}` })) } }] }] })],
    [{ ...FLOW, http: { path: '/b' } }],
  ),
  'CIDR groups': judged(
    (n) => [
      ...times(n, (i) => ({
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumCIDRGroup',
        metadata: { name: `g${i}` },
        spec: { externalCIDRs: [`${address(i)}/32`] },
      })),
      policy(0, { ingress: [{ fromCIDRSet: times(n, (i) => ({ cidrGroupRef: `g${i}` })) }] }),
    ],
    [{ from: 'ip:10.0.0.1', to: 'shop/db', port: 80 }],
  ),
  'flows with distinct labels': judged(
    () => [policy(0, { ingress: [{ fromEndpoints: [{ matchLabels: { app: 'a' } }] }] })],
    (n) => times(n, (i) => ({ from: `labels:app=a${i}@shop`, to: 'shop/db', port: 80 })),
  ),
  'flows with distinct addresses': judged(
    () => [policy(0, { ingress: [{ fromCIDR: ['10.0.0.0/8'] }] })],
    (n) => times(n, (i) => ({ from: `ip:${address(i)}`, to: 'shop/db', port: 80 })),
  ),
  'flows between distinct labels': judged(
    () => [policy(0)],
    (n) => times(n, (i) => ({ from: `labels:app=a${i}@shop`, to: `labels:app=b${i}@shop`, port: 80 })),
  ),
  'flows with distinct names': judged(
    () => [policy(0, { egress: [{ toFQDNs: [{ matchPattern: '*.a.com' }] }] })],
    (n) => times(n, (i) => ({ from: 'shop/web', to: `fqdn:b${i}.a.com`, port: 80 })),
  ),
  'tier policies of one priority before a flow': judged((n) => times(n, (i) => tier(i, { priority: 1, peer: team(i) })), [FLOW]),
  'tier policies that pass': judged((n) => times(n, (i) => tier(i, { action: 'Pass' })), [FLOW]),
  'explanations of many rules': explained((n) => [
    policy(0, { ingress: times(n, (i) => ({ fromEndpoints: [{ matchLabels: { app: `a${i}` } }] })) }),
  ]),
  'explanations of many CIDRs': explained((n) => [policy(0, { ingress: [{ fromCIDR: times(n, (i) => `${address(i)}/32`) }] })]),
  'explanations of many policies': explained((n) =>
    times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [{ matchLabels: { app: `a${i}` } }] }] })),
  ),
  // Reachability and diff.
  'selectors of different apps in reach': reached((n) => times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [app(`a${i}`)] }] }))),
  'names in reach': reached((n) => [policy(0, { egress: [{ toFQDNs: times(n, (i) => ({ matchName: `a${i}.example` })) }] })]),
  'CIDRs in reach': reached((n) => [policy(0, { egress: [{ toCIDR: times(n, (i) => `${address(i)}/32`) }] })]),
  'policies beside a changed one in diff': compared((n) => times(n, (i) => policy(i, { ingress: [{ fromEndpoints: [app(`a${i}`)] }] }))),
  'peers of a changed rule in diff': compared((n) => [policy(1, { ingress: [{ fromEndpoints: times(n, (i) => app(`a${i}`)) }] })]),
  'paths of a changed rule in diff': compared((n) => [policy(1, { ingress: [asking(times(n, (i) => ({ path: `/a${i}` })))] })]),
  'headers of a changed rule in diff': compared((n) => [policy(1, { ingress: [asking(times(n, (i) => ({ headers: [`x-${i}`] })))] })]),
  'names of a changed rule in diff': compared((n) => [
    policy(1, { egress: [{ toFQDNs: times(n, (i) => ({ matchName: `a${i}.example` })) }] }),
  ]),
  // Lines and settings.
  'objects in a line of batch': answered((n) => ({ kind: 'verdict', objects: times(n, (i) => policy(i)), flows: [] })),
  'flows in a line of batch': answered((n) => ({
    kind: 'verdict',
    objects: [...CLUSTER, policy(0)],
    flows: times(n, (i) => ({ from: `ip:${address(i)}`, to: 'shop/db', port: 80 })),
  })),
  'broken flows in a line of batch': answered((n) => ({
    kind: 'verdict',
    objects: [],
    flows: times(n, (i) => ({ from: `x${i}`, to: 'y', port: 80 })),
  })),
  'names in a line of batch': answered((n) => ({
    kind: 'verdict',
    objects: [],
    flows: [],
    names: Object.fromEntries(times(n, (i) => [`a${i}.com`, ['10.0.0.1']])),
  })),
  'findings of batch': answered((n) => ({ kind: 'validate', object: policy(0, { ingress: [{ fromCIDR: times(n, () => 'a') }] }) })),
  'unknown fields of batch': answered((n) => ({ kind: 'validate', object: policy(0, Object.fromEntries(times(n, (i) => [`f${i}`, 1]))) })),
  'a long text of batch': answered((n) => ({ kind: '`\u001b['.repeat(n) })),
  'brackets in a line of batch': { make: (n) => '['.repeat(n), run: (text) => answer({ number: 1, text: accepted(text) }) },
  'a broken line of batch': { make: (n) => `{"a":"${'\\"'.repeat(n)}`, run: (text) => answer({ number: 1, text: accepted(text) }) },
  'names in settings': {
    make: (n) => `config:\n${times(n, (i) => `  a${i}: b\n`).join('')}`,
    run: (text) => parseSettings(text, 'settings.yaml'),
  },
  'codes in settings': { make: (n) => `select: [${times(n, () => 'CIL201').join(', ')}]\n`, run: settled },
};

const words = process.argv.slice(2);
const kinds = Object.entries(KINDS).filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
console.log(`${'input'.padEnd(46)}${'n'.padStart(9)}${'time'.padStart(10)}${'2 n'.padStart(10)}${'4 n'.padStart(10)}    growth`);
const slow = kinds.filter(([name, kind]) => !measured(name, kind));
console.log(`\n${kinds.length} kinds of input, ${slow.length} grow faster than ${MOST_GROWTH} for a doubling`);
process.exitCode = slow.length === 0 ? 0 : 1;

/** Prints the line of a kind; returns whether its time grows slowly enough. */
function measured(name, kind) {
  const n = sizeOf(kind);
  const inputs = [n, 2 * n, 4 * n].map(kind.make);
  let times = inputs.map(() => Infinity);
  for (let round = 0; round < ROUNDS + RETRIES && (round < ROUNDS || growthOf(times) > MOST_GROWTH); round++) {
    times = inputs.map((input, i) =>
      Math.min(
        times[i],
        timeOf(() => kind.run(input)),
      ),
    );
  }
  const growth = growthOf(times);
  const isGood = growth <= MOST_GROWTH;
  const columns = times.map((time) => `${time.toFixed(0)} ms`.padStart(10));
  console.log(
    `${name.padEnd(46)}${String(n).padStart(9)}${columns.join('')}${growth.toFixed(2).padStart(10)}${isGood ? '' : '  too fast'}`,
  );
  return isGood;
}

/** The growth for a doubling. What takes no time at all, for example because it is rejected at once, does not grow. */
function growthOf([first, , last]) {
  return last < LEAST_TIME ? 0 : Math.sqrt(last / first);
}

/** The first size, doubled until a run takes long enough. */
function sizeOf({ make, run }) {
  for (let n = 64; ; n *= 2) {
    const input = make(n);
    const time = Math.min(...[1, 2, 3].map(() => timeOf(() => run(input))));
    if (time > GOOD_TIME || lengthOf(make(2 * n)) > MOST_LENGTH) {
      return time > 4 * GOOD_TIME ? n / 2 : n;
    }
  }
}

function lengthOf(input) {
  return typeof input === 'string' ? input.length : JSON.stringify(input).length;
}

/** The time of the processor in milliseconds, which other programs disturb less than the time of the clock. */
function timeOf(run) {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function times(n, make) {
  return Array.from({ length: n }, (_, i) => make(i));
}

function fixed({ fixes, read }) {
  return applyFixes(fixes, read.problems);
}

function settingsOf(values = {}) {
  return settle(CODES, { values }).value;
}

/** A check of a text. */
function checked(make, values) {
  return { make, run: (text) => checkSources([{ name: 'a.yaml', text }], settingsOf(values)) };
}

/** A clusterwide policy for the endpoints of one label. */
function ofLabel(i, spec) {
  const subject = { endpointSelector: { matchLabels: { [`l${i}`]: 'x' } } };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: `c${i}` }, spec: { ...subject, ...spec } };
}

function ingress(name) {
  const spec = { ingressClassName: 'cilium', defaultBackend: { service: { name: 'db', port: { number: 80 } } } };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop' }, spec };
}

/** A NetworkPolicy of one pod that allows every other port to or from the other one. */
function portsOf(name, direction, n, offset) {
  const [other] = ['web', 'db'].filter((one) => one !== name);
  const peers = { [direction === 'egress' ? 'to' : 'from']: [{ podSelector: { matchLabels: { app: other } } }] };
  const rule = { ...peers, ports: times(n, (i) => ({ port: ((2 * i + offset) % 65_000) + 1 })) };
  const spec = {
    podSelector: { matchLabels: { app: name } },
    policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
    [direction]: [rule],
  };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

/** A rule that sends look-ups of these names through the DNS proxy. */
/** A policy for the nodes with labels. */
function ofNodes(matchLabels, spec) {
  const [name] = Object.keys(matchLabels);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name },
    spec: { nodeSelector: { matchLabels }, ...spec },
  };
}

/** A policy for the pods that fulfil expressions. */
function ofExpression(matchExpressions, spec, i) {
  return { ...policy(i), spec: { endpointSelector: { matchExpressions }, ...spec } };
}

function lookUps(dns) {
  return { toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns } }] };
}

/** A check of objects. */
function checkedObjects(objectsOf) {
  return {
    make: (n) => objectsOf(n).map((value) => ({ value })),
    run: (objects) => checkObjects('objects', objects, settingsOf()),
  };
}

/** A check of a text with its report. */
function reported(format, make) {
  return {
    make,
    run: (text) => RENDERERS[format]()(reportOf(checkSources([{ name: 'a.yaml', text }], settingsOf()), '0'), { color: true }),
  };
}

/** Verdicts on flows over objects. */
function judged(objectsOf, flows) {
  return {
    make: (n) => ({ objects: [...CLUSTER, ...objectsOf(n)], flows: typeof flows === 'function' ? flows(n) : flows }),
    run: ({ objects, flows: asked }) => {
      const verdicts = verdictsOver(objects, namesIn(asked));
      asked.forEach((flow) => valueOf(verdicts.verdict(valueOf(parseFlow(flow)))));
    },
  };
}

/** What passes to and from one end over objects: that between all pairs grows with their number, which has a bound. */
function reached(objectsOf) {
  return {
    make: (n) => [...CLUSTER, ...objectsOf(n)],
    run: (objects) => {
      const opened = openReach(verdictsOver(objects), MOST_SHOWN);
      if (opened.ok) {
        const { universe, all } = opened.value;
        universe.ends.forEach((_, i) => [all[0].traffic(0, i), all[0].traffic(i, 0)]);
      }
    },
  };
}

/** A diff of objects with what is left without the first policy of the two. */
function compared(objectsOf) {
  return {
    make: (n) => [...CLUSTER, ...objectsOf(n)],
    run: (objects) => {
      const before = [...objects, policy(0, { ingress: [{ fromEndpoints: [app('x')] }] })].filter(({ metadata }) => metadata.name !== 'a1');
      const opened = openComparison(verdictsOver(before), verdictsOver(objects), MOST_COMPARED);
      if (opened.ok) {
        comparedChanges(opened.value);
      }
    },
  };
}

function app(name) {
  return { matchLabels: { app: name } };
}

function asking(http) {
  return { fromEndpoints: [app('web')], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http } }] };
}

/** The explanation of one flow over objects. */
function explained(objectsOf) {
  return {
    make: (n) => [...CLUSTER, ...objectsOf(n)],
    run: (objects) => explainedAnswer(valueOf(verdictsOver(objects).explain(valueOf(parseFlow(FLOW))))),
  };
}

/** The answer to a request of `batch`. */
function answered(make) {
  return { make: (n) => JSON.stringify({ id: 1, ...make(n) }), run: (text) => answer({ number: 1, text: accepted(text) }) };
}

function settled(text) {
  settle(CODES, valueOf(parseSettings(text, 'settings.yaml')));
}

/** Every name in flows has an address. */
function namesIn(flows) {
  const names = flows.flatMap(({ to }) => (to.startsWith('fqdn:') ? [to.slice('fqdn:'.length)] : []));
  return Object.fromEntries(names.map((name) => [name, ['192.0.2.1']]));
}

function verdictsOver(objects, names = {}) {
  const given = objects.map((value) => ({ value }));
  return valueOf(new Snapshot(readObjects('growth', given, { namespace: 'default' }), settingsOf({ names })).verdicts());
}

function valueOf(parsed) {
  if (!parsed.ok) {
    throw new Error(parsed.problem);
  }
  return parsed.value;
}

/** A policy with one rule that has `n` items in a field. */
function ruled(field, n, item) {
  return `${HEAD}spec:\n  endpointSelector: {}\n  ingress:\n    - ${field}:\n      ${times(n, item).join('\n      ')}\n`;
}

function list(n, item) {
  return `apiVersion: v1\nkind: List\nitems:\n${times(n, (i) => `- ${item(i)}\n`).join('')}`;
}

/** A ClusterNetworkPolicy with one rule. */
function tier(i, { priority = i % 1000, action = 'Deny', peer = { namespaces: {} }, to }) {
  const rules = to === undefined ? { ingress: [{ action, from: [peer] }] } : { egress: [{ action, to: [to] }] };
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: `t${i}` },
    spec: { tier: 'Admin', priority, subject: { namespaces: {} }, ...rules },
  };
}

function team(i) {
  return { namespaces: { matchLabels: { team: `a${i}` } } };
}

function fromTeam(i) {
  return { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': `a${i}` } };
}

function policy(i, spec = { ingress: [{}] }) {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `a${i}`, namespace: 'shop' },
    spec: { endpointSelector: {}, ...spec },
  };
}

function pod(name, labels = { app: 'a' }) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels }, spec: {}, status: {} };
}

function address(i) {
  return `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
}

function slice(i, endpoints = [{ addresses: [address(i)] }]) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `db-${i}`, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ port: 80, protocol: 'TCP' }],
  };
}
