import { isObject } from '../../model/json';
import { isInt32 } from '../../net/int32';
import type { AgentCheck, Wording } from '../check';
import { cnp } from '../example';
import { typeWord } from '../server/violation';

export const check: AgentCheck = {
  code: 'CIL240',
  name: 'undecodable',
  severity: 'error',
  stage: 'agent',
  summary: 'a value that the agent cannot decode',
  why:
    'The agent cannot decode the policy, so it never evaluates it. An ICMP field without a type even crashes the agent. The API server already ' +
    'rejects nearly all such values, but not an ICMP type that does not fit into 32 bits.',
  source: 'Go `encoding/json`; cilium `pkg/policy/api`, the types of the fields',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: 4294967296
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: 8
  `),
  visit: {
    misfit({ expected, at }, { report }) {
      report({ message: `the agent cannot decode this value: it expects ${typeWord(expected)}` }, at);
    },
    ruleLabel({ value, at }, { report }) {
      if (isObject(value) ? value.key === '' || value.key === undefined : value === '' || value === null) {
        report({ message: 'the label has no key', help: 'write `key`' }, at);
      }
    },
    portRule({ value: { listener }, at }, { report }) {
      const priority = isObject(listener) ? listener.priority : undefined;
      if (typeof priority === 'number' && (priority < 0 || priority > MAX_BYTE)) {
        report(outOfRange('the priority', priority), at, 'listener', 'priority');
      }
    },
    port({ endPort, at }, { report }) {
      if (!isInt32(endPort)) {
        report(outOfRange('`endPort`', endPort), at, 'endPort');
      }
    },
    icmpField({ type, at }, { report }) {
      if (type === undefined) {
        report({ message: 'the ICMP type is missing, which crashes the agent', help: 'write `type`' }, at);
      } else if (typeof type === 'number' && !isInt32(type)) {
        report(outOfRange('the ICMP type', type), at, 'type');
      }
    },
  },
};

const MAX_BYTE = 255;

function outOfRange(what: string, number: number): Wording {
  return { message: `${what} is ${number}, which is out of range for the agent` };
}
