/** security/policy/intro.rst, deny.rst, caveats.rst, lifecycle.rst, security/network/policyenforcement.rst and security/policy-creation.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, dns, http, Page, unasked, validate } from './claim';
import { clusterwide, labelled, networkPolicy, pod, policy, ports } from './objects';

const PODS = [pod('shop/a', 'n1', '10.0.1.5'), pod('shop/b', 'n1', '10.0.1.6'), pod('shop/web', 'n2', '10.0.2.7')];
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const FROM_A = { fromEndpoints: [labelled({ app: 'a' })] };
const KUBE_DNS = { toEndpoints: [labelled({ 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' })] };
const DNS_POD = pod('kube-system/dns', 'n2', '10.0.2.53', { labels: { 'k8s-app': 'kube-dns' } });

const INTRO = 'security/policy/intro.rst';

export const MODES: Page = {
  title: 'Enforcement and rules (intro.rst, policyenforcement.rst)',
  claims: [
    claim(
      `${INTRO}:17`,
      'without a policy for it, an endpoint may connect to everything',
      ask(PODS, 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:18`,
      'an endpoint that a policy selects takes only what is allowed',
      ask([...PODS, policy('web', { ingress: [FROM_A] })], 'shop/b', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${INTRO}:19`,
      'this is per direction: an ingress rule does not close egress',
      ask([...PODS, policy('web', { ingress: [FROM_A] })], 'shop/web', 'shop/b', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:23`,
      'in mode `always`, endpoints without policies are closed',
      ask(PODS, 'shop/a', 'shop/web', '80', { config: { 'enable-policy': 'always' } }),
      `${CLOSED} → ${CLOSED}`,
    ),
    claim(
      `${INTRO}:26`,
      'in mode `always`, the health endpoint is closed too',
      ask(PODS, 'entity:remote-node', 'entity:health', '4240', { config: { 'enable-policy': 'always' } }),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${INTRO}:31`,
      'in mode `never`, rules that select an endpoint have no effect',
      ask([...PODS, policy('web', { ingress: [FROM_A] })], 'shop/b', 'shop/web', '80', { config: { 'enable-policy': 'never' } }),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:32`,
      'in mode `never`, everything passes, also what is denied',
      ask([...PODS, policy('web', { ingressDeny: [{}] })], 'shop/b', 'shop/web', '80', { config: { 'enable-policy': 'never' } }),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:48`,
      'an ingress section closes ingress, even if it allows nothing',
      ask([...PODS, policy('web', { ingress: [{}] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${INTRO}:50`,
      'an egress section closes egress',
      ask([...PODS, policy('a', { egress: [{}] })], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:57`,
      'rules with `enableDefaultDeny` off do not close the direction',
      ask([...PODS, policy('web', { enableDefaultDeny: { ingress: false }, ingress: [FROM_A] })], 'shop/b', 'shop/web', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:58`,
      'one rule with default deny is enough, whatever others say',
      ask(
        [
          ...PODS,
          policy('web', { enableDefaultDeny: { ingress: false }, ingress: [FROM_A] }),
          policy('web', { ingress: [{}] }, 'shop', 'deny'),
        ],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${INTRO}:60`,
      'a DNS rule of all names with `enableDefaultDeny` off intercepts look-ups',
      ask(
        [
          ...PODS,
          DNS_POD,
          policy('a', {
            enableDefaultDeny: { egress: false },
            egress: [{ ...KUBE_DNS, toPorts: ports('53/UDP', { dns: [{ matchPattern: '*' }] }) }],
          }),
        ],
        'shop/a',
        'kube-system/dns',
        '53/UDP',
        dns('api.example.com'),
      ),
      `allowed by rule to dns → ${OPEN}, dns allowed`,
    ),
    claim(
      `${INTRO}:61`,
      'and it blocks nothing',
      ask(
        [
          ...PODS,
          DNS_POD,
          policy('a', {
            enableDefaultDeny: { egress: false },
            egress: [{ ...KUBE_DNS, toPorts: ports('53/UDP', { dns: [{ matchPattern: '*' }] }) }],
          }),
        ],
        'shop/a',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:66`,
      'with `enableDefaultDeny` off, an L7 rule still drops the requests that it does not allow',
      ask(
        [
          ...PODS,
          DNS_POD,
          policy('a', {
            enableDefaultDeny: { egress: false },
            egress: [{ ...KUBE_DNS, toPorts: ports('53/UDP', { dns: [{ matchName: 'api.example.com' }] }) }],
          }),
        ],
        'shop/a',
        'kube-system/dns',
        '53/UDP',
        dns('other.example.com'),
      ),
      `allowed by rule to dns → ${OPEN}, dns allowed`,
      differs(
        'the rule that stands for "no default deny" allows all requests of the port too: `pkg/policy/repository.go`, computePolicyEnforcementAndRules; the policy engine lists the pattern `*` beside the name',
      ),
    ),
    unasked(`${INTRO}:108`, 'denied egress is dropped silently, or answered with ICMP', 'what a denied client notices is no verdict'),
    claim(
      `${INTRO}:138`,
      'if two rules overlap, the wider one counts',
      ask(
        [...PODS, policy('web', { ingress: [{ ...FROM_A, toPorts: ports('80') }, { fromEndpoints: [{}] }] })],
        'shop/a',
        'shop/web',
        '81',
      ),
      `${OPEN} → allowed by rule`,
    ),
    claim(
      `${INTRO}:140`,
      'traffic that matches one of several rules passes',
      ask(
        [
          ...PODS,
          policy('web', {
            ingress: [
              { ...FROM_A, toPorts: ports('80') },
              { ...FROM_A, toPorts: ports('81') },
            ],
          }),
        ],
        'shop/a',
        'shop/web',
        '81',
      ),
      `${OPEN} → allowed by rule`,
    ),
    claim(
      `${INTRO}:151`,
      'a rule without ingress and egress has no effect',
      validate(policy('web', {})),
      'rejected by API server and agent (CIL110 CIL202)',
      differs('the API server and the agent reject it: `pkg/policy/api/rule_validation.go`, Sanitize'),
    ),
    claim(
      `${INTRO}:157`,
      '`endpointSelector` and `nodeSelector` exclude each other',
      validate(clusterwide('x', { endpointSelector: {}, nodeSelector: {}, ingress: [{}] })),
      'rejected by API server and agent (CIL110 CIL203)',
    ),
    claim(
      `${INTRO}:158`,
      'one of the two selectors is needed',
      validate(clusterwide('x', { ingress: [{}] })),
      'rejected by API server and agent (CIL110 CIL203)',
    ),
    claim(
      `${INTRO}:165`,
      '`nodeSelector` is for clusterwide policies only',
      validate({
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'x' },
        spec: { nodeSelector: {}, ingress: [{}] },
      }),
      'rejected by agent (CIL204)',
    ),
    claim(
      `${INTRO}:171`,
      'an absent or empty list of ingress rules does not apply',
      ask([...PODS, policy('web', { ingress: [], egress: [{}] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INTRO}:221`,
      'a description changes nothing',
      ask([...PODS, policy('web', { description: 'deny all', ingress: [FROM_A] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → allowed by rule`,
    ),
    claim(
      `${INTRO}:230`,
      'an endpoint selector is a selector of labels with `matchExpressions`',
      ask(
        [
          ...PODS,
          policy('web', { ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }] }] }),
        ],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → allowed by rule`,
    ),
    unasked(
      'security/network/policyenforcement.rst:14',
      'replies of an allowed connection pass',
      'a flow is the beginning of a connection',
    ),
    claim(
      'security/network/policyenforcement.rst:15',
      'the other side may not open connections in the other direction because of that',
      ask([...PODS, policy('web', { ingress: [FROM_A] }), policy('a', { ingress: [{}] })], 'shop/web', 'shop/a', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      'security/network/policyenforcement.rst:42',
      'one L4 rule closes all other ports',
      ask([...PODS, policy('web', { ingress: [{ toPorts: ports('80') }] })], 'shop/a', 'shop/web', '443'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      'security/network/identity.rst:45',
      'identities come from labels: a pod with the same labels may do the same',
      ask(
        [...PODS, pod('shop/a2', 'n2', '10.0.2.9', { labels: { app: 'a' } }), policy('web', { ingress: [FROM_A] })],
        'shop/a2',
        'shop/web',
        '80',
      ),
      `${OPEN} → allowed by rule`,
    ),
  ],
};

/** The table of deny.rst:23: allow rules are HTTP on 80, TCP 81 and all of the client; deny rules are columns. */
const ALLOWING = [{ toPorts: ports('80', { http: [{}] }) }, { toPorts: ports('81') }, { fromEndpoints: [labelled({ app: 'a' })] }];
const DENY_80 = { toPorts: ports('80') };
const DENY_CLIENT = { fromEndpoints: [labelled({ app: 'a' })] };
const COLUMNS: readonly [string, JsonObject, readonly [string, string, string]][] = [
  ['without deny rules', { ingress: ALLOWING }, ['allowed by rule', 'allowed by rule to http', 'allowed by rule']],
  ['with a deny rule for 80', { ingress: ALLOWING, ingressDeny: [DENY_80] }, ['allowed by rule', 'denied by deny-rule', 'allowed by rule']],
  [
    'with a deny rule for the client',
    { ingress: ALLOWING, ingressDeny: [DENY_CLIENT] },
    ['denied by deny-rule', 'denied by deny-rule', 'denied by deny-rule'],
  ],
  [
    'with both deny rules',
    { ingress: ALLOWING, ingressDeny: [DENY_80, DENY_CLIENT] },
    ['denied by deny-rule', 'denied by deny-rule', 'denied by deny-rule'],
  ],
  ['with a deny rule for 80 alone', { ingressDeny: [DENY_80] }, [CLOSED, 'denied by deny-rule', CLOSED]],
];
const TRAFFIC = [
  [42, 'TCP 81', '81'],
  [44, 'TCP 80', '80'],
  [46, 'a ping', 'ICMP/8'],
] as const;

const DENY = 'security/policy/deny.rst';
const POLICY_80 = policy('web', { ingressDeny: [DENY_CLIENT] }, 'shop', 'deny');

export const DENIES: Page = {
  title: 'Deny rules (deny.rst)',
  claims: [
    claim(
      `${DENY}:15`,
      'a deny rule beats an allow rule of another policy',
      ask([...PODS, policy('web', { ingress: [FROM_A] }), POLICY_80], 'shop/a', 'shop/web', '80'),
      `${OPEN} → denied by deny-rule`,
    ),
    claim(
      `${DENY}:16`,
      'and one of a clusterwide policy',
      ask(
        [...PODS, clusterwide('all', { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] }), POLICY_80],
        'shop/a',
        'shop/web',
        '80',
      ),
      `${OPEN} → denied by deny-rule`,
    ),
    claim(
      `${DENY}:17`,
      'and one of a NetworkPolicy',
      ask([...PODS, networkPolicy('web', { ingress: [{}] }), POLICY_80], 'shop/a', 'shop/web', '80'),
      `${OPEN} → denied by deny-rule`,
    ),
    claim(
      `${DENY}:19`,
      'a deny rule too puts its subject into default deny',
      ask([...PODS, POLICY_80], 'shop/b', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    ...COLUMNS.flatMap(([column, spec, answers]) =>
      TRAFFIC.map(([line, what, traffic], i) =>
        claim(
          `${DENY}:${line}`,
          `${what}, ${column}`,
          ask([...PODS, policy('web', { ...spec })], 'shop/a', 'shop/web', traffic),
          `${OPEN} → ${answers[i]}`,
        ),
      ),
    ),
    claim(
      `${DENY}:58`,
      'a clusterwide deny rule for `world` keeps the world out',
      ask(
        [
          ...PODS,
          clusterwide('x', { endpointSelector: {}, ingressDeny: [{ fromEntities: ['world'] }], ingress: [{ fromEntities: ['all'] }] }),
        ],
        'entity:world',
        'shop/web',
        '80',
      ),
      'n/a → denied by deny-rule',
    ),
    claim(
      `${DENY}:59`,
      'and lets the cluster in, as `all` is allowed beside it',
      ask(
        [
          ...PODS,
          clusterwide('x', { endpointSelector: {}, ingressDeny: [{ fromEntities: ['world'] }], ingress: [{ fromEntities: ['all'] }] }),
        ],
        'shop/a',
        'shop/web',
        '80',
      ),
      `${OPEN} → allowed by rule`,
    ),
    claim(
      `${DENY}:65`,
      'deny rules have no L7 rules',
      validate(policy('web', { ingressDeny: [{ toPorts: ports('80', { http: [{}] }) }] })),
      'accepted, drops /spec/ingressDeny/0/toPorts/0/rules',
      differs('the field is dropped, and the rule then denies the whole port: the CRD of `pkg/k8s/apis/cilium.io/client/crds`'),
    ),
    claim(
      `${DENY}:66`,
      'deny rules have no names',
      validate(policy('web', { egressDeny: [{ toFQDNs: [{ matchName: 'a.io' }] }] })),
      'accepted, drops /spec/egressDeny/0/toFQDNs',
      differs('the field is dropped: the CRD of `pkg/k8s/apis/cilium.io/client/crds`'),
    ),
  ],
};

const INIT = 'security/policy/lifecycle.rst';
const INIT_POLICY = clusterwide('init', {
  endpointSelector: { matchLabels: { 'reserved:init': '' } },
  ingress: [{ fromEntities: ['host'] }],
  egress: [{ toEntities: ['all'], toPorts: ports('53/UDP') }],
});
const AUDIT = { config: { 'policy-audit-mode': 'true' } };
const VERDICTS = 'security/policy-creation.rst';

export const LIFECYCLE: Page = {
  title: 'Endpoints that start, and audit mode (lifecycle.rst, policy-creation.rst)',
  claims: [
    claim(
      `${INIT}:68`,
      'rules can select `reserved:init`: a starting endpoint may do what they allow',
      ask([...PODS, INIT_POLICY], 'entity:init', 'shop/web', '53/UDP'),
      `allowed by rule → ${OPEN}`,
    ),
    claim(
      `${INIT}:71`,
      'the host may connect to a starting endpoint, if such a rule says so',
      ask([INIT_POLICY], 'entity:host', 'entity:init', '80'),
      'n/a → allowed by rule',
    ),
    claim(
      `${INIT}:69`,
      'rules can allow the entity `init`',
      ask([...PODS, policy('web', { ingress: [{ fromEntities: ['init'] }] })], 'entity:init', 'shop/web', '80'),
      `${CLOSED} → allowed by rule`,
      differs('without an egress rule for `reserved:init` it is closed, so the connection still fails: see line 87'),
    ),
    claim(
      `${INIT}:84`,
      'what rules for `reserved:init` do not allow is dropped',
      ask([...PODS, INIT_POLICY], 'entity:init', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${INIT}:87`,
      'without rules for `reserved:init`, starting endpoints are open in mode `default`',
      ask(PODS, 'entity:init', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
      differs(
        'an endpoint with the label `reserved:init` is always enforced: `pkg/policy/repository.go`, computePolicyEnforcementAndRules',
      ),
    ),
    claim(
      `${INIT}:87`,
      'in mode `never` they are open',
      ask(PODS, 'entity:init', 'shop/web', '80', { config: { 'enable-policy': 'never' } }),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${INIT}:89`,
      'in mode `always` they are closed',
      ask(PODS, 'entity:init', 'entity:world', '80', { config: { 'enable-policy': 'always' } }),
      `${CLOSED} → n/a`,
    ),
    unasked(`${INIT}:98`, 'an endpoint whose policy map overflows can be locked down', 'the size of policy maps is not judged'),
    claim(
      `${VERDICTS}:13`,
      'audit mode lets pass what policies would drop',
      ask([...PODS, policy('web', { ingress: [FROM_A] })], 'shop/b', 'shop/web', '80', AUDIT),
      `${OPEN} → allowed by audited`,
    ),
    claim(
      `${VERDICTS}:16`,
      'no policy is enforced then, deny rules neither',
      ask([...PODS, POLICY_80], 'shop/a', 'shop/web', '80', AUDIT),
      `${OPEN} → allowed by audited`,
    ),
    claim(
      `${VERDICTS}:18`,
      'audit mode is for layers 3 and 4: requests are still refused',
      ask([...PODS, policy('web', { ingress: [{ toPorts: ports('80', { http: [{ path: '/public' }] }) }] })], 'shop/a', 'shop/web', '80', {
        ...AUDIT,
        ...http('GET /x'),
      }),
      `${OPEN} → allowed by rule to http, http denied`,
    ),
    claim(
      `${VERDICTS}:194`,
      'what a rule allows is reported as allowed in audit mode',
      ask([...PODS, policy('web', { ingress: [FROM_A] })], 'shop/a', 'shop/web', '80', AUDIT),
      `${OPEN} → allowed by rule`,
    ),
    unasked(`${VERDICTS}:16`, 'audit mode can be set for one endpoint', 'what `cilium-dbg endpoint config` sets is in no manifest'),
  ],
};
