import { isSince } from '../../crd/minor';
import { asText } from '../../model/json';
import type { ObjectPart } from '../../model/written';
import { MAX_DNS_NAME } from '../../net/dns-pattern';
import { byteLength } from '../../net/utf8';
import type { CheckContext, AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL225',
  name: 'malformed-dns-name',
  severity: 'error',
  stage: 'agent',
  summary: 'a DNS name or pattern with invalid characters',
  why:
    'The agent rejects the whole policy. A name can have letters, digits, `-`, `_` and `.`. A pattern can also have `*`, but no other syntax of ' +
    'regular expressions. The API server already rejects such a policy (CIL105). In the `domainNames` of a ClusterNetworkPolicy, it accepts a ' +
    'label that begins with `[`, `\\`, `]`, `^` or a backtick, and a wildcard name of any length.',
  source:
    'cilium `pkg/policy/api/fqdn.go`, `pkg/fqdn/matchpattern/matchpattern.go` and `pkg/k8s/cluster_network_policy.go`; network-policy-api ' +
    '`config/crd`, the pattern of `domainNames`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchPattern: "api[1-5].example.com"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules:
              dns:
                - matchPattern: "*"
      - toFQDNs:
          - matchPattern: "api*.example.com"
  `),
  visit: {
    fqdn(part, agent) {
      validate(part, agent);
      const [name, pattern] = [asText(part.value.matchName), asText(part.value.matchPattern)];
      if (name !== '' && pattern !== '') {
        agent.report({ message: '`matchName` and `matchPattern` are mutually exclusive', help: 'write only one of them' }, part.at);
      }
    },
    dns: validate,
    tierName({ text, at }, { report }) {
      const isPattern = text.startsWith('*');
      if ((isPattern ? OUTSIDE_PATTERNS : OUTSIDE_NAMES).test(text)) {
        report(
          { message: `\`domainNames\` cannot have \`${text}\``, help: 'write letters, digits, `-`, `_` and `.`, with `*.` only in front' },
          at,
        );
      }
      // The agent puts another `*` in front of a single one.
      const bytes = byteLength(text.trim()) + (text.startsWith('**') ? 0 : 1);
      if (isPattern && bytes > MAX_DNS_NAME) {
        report(
          { message: `the name has ${bytes} characters for the agent, which writes \`**\` for \`*\`, the most is ${MAX_DNS_NAME}` },
          at,
        );
      }
    },
  },
};

const OUTSIDE_NAMES = /[^-a-zA-Z0-9_.]/u;
const OUTSIDE_PATTERNS = /[^-a-zA-Z0-9_.*]/u;

function validate(part: ObjectPart, { minor, report }: CheckContext): void {
  const [name, pattern] = [asText(part.value.matchName), asText(part.value.matchPattern)];
  if (OUTSIDE_NAMES.test(name)) {
    const help = 'write letters, digits, `-`, `_` and `.`';
    report({ message: `\`matchName\` cannot be \`${name}\``, help }, part.at, 'matchName');
  }
  if (OUTSIDE_PATTERNS.test(pattern)) {
    const help = 'write letters, digits, `-`, `_` and `.`, with `*` as the only wildcard';
    report({ message: `\`matchPattern\` cannot be \`${pattern}\``, help }, part.at, 'matchPattern');
  }
  const bytes = byteLength(pattern.trim());
  if (isSince(minor, '1.19') && bytes > MAX_DNS_NAME) {
    report({ message: `\`matchPattern\` has ${bytes} characters, the most is ${MAX_DNS_NAME}` }, part.at, 'matchPattern');
  }
}
