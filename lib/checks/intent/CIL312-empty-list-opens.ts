import { cnp } from '../../admission/example';
import { asObject, JsonObject, valueAt } from '../../model/json';
import { PathLink, pathTo } from '../../model/path';
import type { RulePart } from '../../model/written';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL312',
  name: 'empty-list-opens',
  severity: 'error',
  stage: 'intent',
  summary: 'a list of peers that is empty or null counts as absent, so that the rule is for everybody',
  why: `A rule with ports and without peers is for everybody on these ports, also for the world. An empty list of \`toFQDNs\`, \`toServices\`, \`toGroups\` or \`fromGroups\` counts as absent, and so does every list that is null, because the API server drops nulls before it stores the policy. Templates write such lists if they have nothing to fill in. The other lists of peers mean nobody if they are empty.

It is at info in a NetworkPolicy, where \`from:\` and \`to:\` without items are often written on purpose.`,
  limits:
    'Not reported: `from: []` and `to: []` in a NetworkPolicy, which mean everybody too and are often written on purpose, and null peers in its rules for port 53 alone. Where a template left the list out altogether, nothing shows that peers were meant.',
  source: 'cilium `pkg/policy/utils/parserules.go`; Kubernetes, custom resources, "Defaulting and Nullable"',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs: []
        toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints: []
        toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
  `),
  inspect({ specs }, { resource: { value: given }, report }) {
    for (const rule of specs.flatMap(({ rules }) => rules).filter(isForEverybody)) {
      const written = writtenAt(given, rule.at);
      const field = Object.keys(written).find((name) => isOpened(name, written[name]));
      if (field !== undefined) {
        const verb = rule.isDeny ? 'denies its ports to everybody' : 'is for everybody on its ports';
        const kind = written[field] === null ? 'a null counts as absent' : 'an empty list counts as absent';
        report(
          {
            message: `\`${field}\` has no peers, and the rule ${verb}: ${kind}`,
            help: `write the peers, or \`${nobody(rule)}: []\` for nobody`,
          },
          rule.at,
          field,
        );
      }
    }
  },
  inspectKubernetes({ rules }, { resource: { value: given }, report }) {
    for (const { isIngress, ports, at } of rules) {
      const field = isIngress ? 'from' : 'to';
      if (ports.some(({ port }) => port !== '53') && writtenAt(given, at)[field] === null) {
        report(
          {
            message: `\`${field}\` has no peers, and the rule is for everybody on its ports: a null counts as absent`,
            help: `write the peers, or remove the rule to allow nobody`,
            severity: 'info',
          },
          at,
          field,
        );
      }
    }
  },
};

function writtenAt(given: JsonObject, at: PathLink): JsonObject {
  return asObject(valueAt(given, pathTo(at)));
}

/** Whether a rule with ports or ICMP types has no peers. A list of another kind that is empty is nobody. */
function isForEverybody({ peers, portRules, icmps, endpoints, nodes, entities, cidrs, cidrRules }: RulePart): boolean {
  const hasTraffic = portRules.some(({ ports }) => ports.length > 0) || icmps.some(({ fields }) => fields.length > 0);
  const isNobody = [endpoints, nodes, entities, cidrs, cidrRules].some((list) => list !== undefined);
  return hasTraffic && peers.length === 0 && !isNobody;
}

function isOpened(field: string, value: unknown): boolean {
  return /^(?:from|to)[A-Z]/.test(field) && !NO_PEERS.includes(field) && (value === null || (Array.isArray(value) && value.length === 0));
}

/** Requirements are not peers. */
const NO_PEERS = ['toPorts', 'fromRequires', 'toRequires'];

function nobody({ isIngress }: RulePart): string {
  return isIngress ? 'fromEndpoints' : 'toEndpoints';
}
