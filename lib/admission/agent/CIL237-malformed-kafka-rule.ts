import { asText } from '../../model/json';
import { byteLength } from '../../net/utf8';
import type { AgentCheck } from '../check';
import { cnp, inMinor } from '../example';

export const check: AgentCheck = {
  code: 'CIL237',
  name: 'malformed-kafka-rule',
  severity: 'error',
  stage: 'agent',
  minors: ['1.18', '1.19'],
  summary: 'a malformed Kafka rule',
  why: 'The agent rejects the whole policy. A rule has a role or an API key, not both. Cilium 1.20 no longer has Kafka rules.',
  source: 'cilium/proxy `pkg/policy/api/kafka/kafka.go`, PortRule.Sanitize',
  bad: inMinor(
    '1.19',
    cnp(`
      endpointSelector: {}
      ingress:
        - toPorts:
            - ports:
                - port: "9092"
                  protocol: TCP
              rules:
                kafka:
                  - role: produce
                    apiKey: fetch
    `),
  ),
  good: inMinor(
    '1.19',
    cnp(`
      endpointSelector: {}
      ingress:
        - toPorts:
            - ports:
                - port: "9092"
                  protocol: TCP
              rules:
                kafka:
                  - role: produce
                    topic: orders
    `),
  ),
  visit: {
    kafka(part, { report }) {
      const [role, apiKey, apiVersion, topic] = ['role', 'apiKey', 'apiVersion', 'topic'].map((field) => asText(part.value[field]));
      if (role !== '' && apiKey !== '') {
        report({ message: '`role` and `apiKey` are mutually exclusive', help: 'write only one of them' }, part.at);
        return;
      }
      if (apiKey !== '' && !API_KEYS.has(apiKey.toLowerCase())) {
        report({ message: `unknown API key \`${apiKey}\`` }, part.at, 'apiKey');
      }
      if (role !== '' && !['produce', 'consume'].includes(role.toLowerCase())) {
        report({ message: `unknown role \`${role}\``, help: 'write `produce` or `consume`' }, part.at, 'role');
      }
      if (apiVersion !== '' && !(/^[-+]?[0-9]+$/.test(apiVersion) && Number(apiVersion) >= 0 && Number(apiVersion) <= MAX_VERSION)) {
        report({ message: `API version \`${apiVersion}\` is not a number from 0 to ${MAX_VERSION}` }, part.at, 'apiVersion');
      }
      if (byteLength(topic) > MAX_TOPIC || (topic !== '' && !/^[a-zA-Z0-9\\._-]+$/.test(topic))) {
        report(
          { message: `topic \`${topic}\` is not valid`, help: `use up to ${MAX_TOPIC} letters, digits, \`.\`, \`_\` and \`-\`` },
          part.at,
          'topic',
        );
      }
    },
  },
};

const MAX_VERSION = 32767;
const MAX_TOPIC = 255;

const API_KEYS: ReadonlySet<string> = new Set(
  (
    'produce fetch offsets metadata leaderandisr stopreplica updatemetadata controlledshutdown offsetcommit offsetfetch findcoordinator joingroup ' +
    'heartbeat leavegroup syncgroup describegroups listgroups saslhandshake apiversions createtopics deletetopics deleterecords initproducerid ' +
    'offsetforleaderepoch addpartitionstotxn addoffsetstotxn endtxn writetxnmarkers txnoffsetcommit describeacls createacls deleteacls ' +
    'describeconfigs alterconfigs'
  ).split(' '),
);
