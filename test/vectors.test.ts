/** What Cilium's own code answered, replayed. See conformance/README.md. */
import { readFileSync } from 'node:fs';
import { NETWORK_POLICY } from '../lib/admission/server/network-policy';
import { protobufSize } from '../lib/admission/server/size';
import { validate } from '../lib/admission/server/validate';
import { asObject, asText, JsonObject } from '../lib/model/json';
import type { Answer } from './generate/answers';
import { GENERATOR_VERSION } from './generate/cases';
import { missing } from './generate/counts';
import { validationCoverage } from './generate/coverage';
import { featureCoverage } from './generate/features';
import { question, REVIEWED_VALIDATIONS, REVIEWED_WORLDS } from './generate/reviewed';
import { verdictCoverage } from './generate/verdict-coverage';
import { FLOWS } from './generate/worlds';
import { odditiesPage } from './support/oddities-page';
import { MINORS } from './support/vectors/minors';
import {
  addressJudge,
  addressParts,
  checkJudge,
  kubernetesJudge,
  kubernetesParts,
  parserJudge,
  replay,
  tierJudge,
  tierParts,
  validationParts,
} from './support/vectors/replay';
import { fileOf, readManifest, readSet, SetName, sha256 } from './support/vectors/store';
import { FlowAnswer, Verdict } from './support/vectors/verdicts';

const manifest = readManifest();

/** What Kubernetes says of NetworkPolicies that it rejects. */
const REFUSALS = [
  'supported values: "Ingress", "Egress"',
  'may not specify more than two policyTypes',
  'must specify a peer',
  'may not specify both ipBlock and another peer',
  'must be between 1 and 65535, inclusive',
  'must be greater than or equal to `port`',
  'may not be specified when `port` is non-numeric',
  'may not be specified when `port` is not specified',
  'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
  'must not contain consecutive hyphens',
  'supported values: "TCP", "UDP", "SCTP"',
  'cidr: Required value',
  'must be a valid CIDR value',
  'must be a strict subset of `cidr`',
  "must be specified when `operator` is 'In' or 'NotIn'",
  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
  'not a valid selector operator',
  'a valid label must be an empty string or consist of',
  'name part must be non-empty',
  'prefix part must be no more than 253',
  'name is neither a standard finalizer name nor is it fully qualified',
  'cannot be both set',
  'version must not be empty',
  'is disallowed from being an owner',
  'Only one reference can have Controller set to true',
  'name or generateName is required',
  'cannot unmarshal',
];

describe('the vectors', () => {
  test.each(Object.keys(manifest.sets) as SetName[])('%s are those of the manifest', (set) => {
    const bytes = readFileSync(fileOf(set));
    expect({ bytes: bytes.length, sha256: sha256(bytes), cases: readSet(set).length }).toEqual(manifest.sets[set]);
  });

  test('are of this generator', () => {
    expect(manifest.generator).toBe(GENERATOR_VERSION);
  });

  test('are as many as it takes', () => {
    const { validations, worlds, texts, objects } = manifest.sets;
    expect(validations.cases).toBeGreaterThanOrEqual(20_000);
    expect(worlds.cases).toBeGreaterThanOrEqual(3_000);
    expect(texts.cases).toBeGreaterThanOrEqual(2_000);
    expect(objects.cases).toBeGreaterThanOrEqual(1_500);
    expect(readSet('worlds').every(({ question }) => question.flows.length >= FLOWS)).toBe(true);
  });

  test('take little room', () => {
    const bytes = Object.values(manifest.sets).reduce((sum, set) => sum + set.bytes, 0);
    expect(bytes).toBeLessThan(15_000_000);
  });

  test('that differ between minors do', () => {
    for (const { answers } of [...readSet('validations-differing'), ...readSet('worlds-differing')]) {
      expect(new Set(MINORS.map((minor) => JSON.stringify(answers[minor]))).size).toBeGreaterThan(1);
    }
  });
});

describe('the parsers of lib/net', () => {
  test.each(['validations', 'validations-differing'] as const)('agree with Cilium on every text in the %s', (set) => {
    const { disagreements, compared } = replay(readSet(set), validationParts, parserJudge);
    expect(disagreements.map(({ minor, question: { leaf }, cilium }) => ({ minor, leaf, cilium }))).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});

describe('the readers of addresses and prefixes', () => {
  test('read every text as Go does', () => {
    const { disagreements, compared } = replay(readSet('addresses'), addressParts, addressJudge);
    expect(disagreements).toEqual([]);
    expect(compared).toBeGreaterThan(20_000);
  });
});

describe('the checks', () => {
  test.each(['validations', 'validations-differing', 'validations-reviewed', 'metadata'] as const)(
    'say what the API server and the agent say of every object in the %s',
    (set) => {
      const { disagreements, compared } = replay(readSet(set), validationParts, checkJudge);
      expect(
        disagreements.map(({ minor, part, cilium, question: { object, config } }) => ({ minor, part, cilium, config, object })),
      ).toEqual([]);
      expect(compared).toBeGreaterThan(0);
    },
  );
});

/** What the API server says of ClusterNetworkPolicies that it rejects, and the agent. */
const TIER_REFUSALS = {
  schema: [
    'Unsupported value: "Allow": supported values: "Accept", "Deny", "Pass"',
    'supported values: "Admin", "Baseline"',
    'should be less than or equal to 1000',
    'should be less than or equal to 65535',
    'should have at least 1 properties',
    'must have at most 1 item',
    'should have at least 1 items',
    'must have at most 25 items',
    'may not be more than 100 bytes',
    'may not be more than 43 bytes',
    'Duplicate value',
    'Required value',
    'should match',
    'must be of type',
  ],
  cel: ['Invalid CIDR format provided', 'Start port must be less than End port', 'cannot be set with namedPorts'],
  agent: [
    'egress.to.nodes is not supported since node selector labels are disabled',
    'egress.to.domainNames is only supported for egress.action=Accept',
    'egress.to.domainNames is not supported since L7 proxy is disabled',
    'Invalid characters in MatchName',
    'Invalid characters in MatchPattern',
    'Must be <= 255 characters long',
    'cannot unmarshal number 2147483648 into Go struct field',
    'is not a CIDR',
    'is not an IP address',
  ],
} as const;

describe('a ClusterNetworkPolicy', () => {
  const recorded = readSet('cluster-network-policies');

  test('is accepted if the API server and the agent accept it', () => {
    const { disagreements, compared } = replay(recorded, tierParts, tierJudge);
    expect(disagreements.map(({ minor, part, cilium, question: { config, object } }) => ({ minor, part, cilium, config, object }))).toEqual(
      [],
    );
    expect(compared).toBeGreaterThan(70_000);
  });

  test('is one of many that both accept, that only the agent rejects, and that the API server rejects', () => {
    const parts = recorded.map(({ answers }) => tierParts(answers['1.20']));
    expect(parts.filter(({ accepted }) => accepted === true).length).toBeGreaterThan(1_000);
    expect(parts.filter(({ schema, agent }) => schema === true && agent === false).length).toBeGreaterThan(90);
    expect(parts.filter(({ schema }) => schema === false).length).toBeGreaterThan(1_000);
  });

  test.each(['1.18', '1.19'] as const)('is never read by the agent of %s', (minor) => {
    expect(recorded.every(({ answers }) => (answers[minor].agent ?? []).length === 0)).toBe(true);
  });

  test.each(Object.entries(TIER_REFUSALS).flatMap(([layer, all]) => all.map((words) => [layer, words] as const)))(
    'with this mistake is among them: %s, %s',
    (layer, words) => {
      const said = recorded.flatMap(({ answers }) => answers['1.20'][layer as keyof typeof TIER_REFUSALS] ?? []);
      expect(said.some((message) => message.includes(words))).toBe(true);
    },
  );
});

describe('a NetworkPolicy', () => {
  const recorded = readSet('network-policies');

  test('is accepted if Kubernetes accepts it, and without a warning if every version does', () => {
    const { disagreements, compared } = replay(recorded, kubernetesParts, kubernetesJudge);
    expect(disagreements.map(({ minor, part, cilium, question: { object } }) => ({ minor, part, cilium, object }))).toEqual([]);
    expect(compared).toBeGreaterThan(30_000);
  });

  test.each(MINORS)('is one of many that Kubernetes accepts, rejects, and rejects if it is strict (%s)', (minor) => {
    const answers = recorded.map(({ answers: { [minor]: answer } }) => answer);
    const accepted = answers.filter(({ schema }) => schema.length === 0);
    expect(accepted.length).toBeGreaterThan(1_000);
    expect(recorded.length - accepted.length).toBeGreaterThan(1_000);
    expect(accepted.filter(({ strict }) => strict.length > 0).length).toBeGreaterThan(100);
  });

  test.each(REFUSALS)('with this mistake is among them: %s', (words) => {
    expect(recorded.some(({ answers }) => answers['1.20'].schema.some((message) => message.includes(words)))).toBe(true);
  });

  test('takes at least as many bytes in the storage as is said, and few more', () => {
    const more = recorded.flatMap(({ question: { object, namespace = 'default' }, answers: { '1.20': answer } }) => {
      const { schema, size = 0 } = answer;
      return schema.length > 0 ? [] : [size - protobufSize(storedOf(object as JsonObject, namespace))];
    });
    expect(Math.min(...more)).toBeGreaterThan(0);
    expect(Math.max(...more)).toBeLessThan(500);
  });
});

function storedOf(object: JsonObject, namespace: string): JsonObject {
  const metadata = asObject(object.metadata);
  const { stored } = validate({ ...object, metadata: { ...metadata, namespace: asText(metadata.namespace) || namespace } }, NETWORK_POLICY);
  return { ...stored, metadata: { ...asObject(stored.metadata), managedFields: undefined } };
}

describe('a person has looked at what Cilium answers:', () => {
  const worlds = readSet('worlds-reviewed');
  const validations = readSet('validations-reviewed');

  test('every reviewed question is among the vectors', () => {
    expect(worlds.map((recorded) => recorded.question)).toEqual(REVIEWED_WORLDS.map(question));
    expect(validations.map((recorded) => recorded.question)).toEqual(REVIEWED_VALIDATIONS.map(({ validation }) => validation));
  });

  test.each(REVIEWED_WORLDS.map((world, i) => ({ ...world, answers: worlds[i].answers })))('$name', ({ flows, expected, answers }) => {
    for (const minor of MINORS) {
      const answer = answers[minor];
      const told = flows.map((flow, i) => [flow, answer.error !== null ? 'error' : outcome(answer.answers[i])]);
      const wanted = flows.map((flow, i) => [flow, expected === 'error' ? expected : (expected[i][minor] ?? expected[i]['*'])]);
      expect(told).toEqual(wanted);
    }
  });

  test.each(REVIEWED_VALIDATIONS.map((oddity, i) => ({ ...oddity, answers: validations[i].answers })))(
    '$title',
    ({ expected, answers }) => {
      for (const minor of MINORS) {
        expect([minor, whoRefuses(answers[minor])]).toEqual([minor, expected[minor] ?? expected['*']]);
      }
    },
  );

  test('the page of oddities says the same', () => {
    expect(readFileSync('conformance/ODDITIES.md', 'utf8')).toBe(odditiesPage());
  });
});

describe('nothing that the references name is left out of the vectors:', () => {
  const validations = readSet('validations');
  const worlds = [...readSet('worlds'), ...readSet('worlds-differing'), ...readSet('worlds-reviewed')];

  test.each(MINORS)('every rule, mistake and field of validation is met in %s', (minor) => {
    const [cases, answers] = [validations.map((recorded) => recorded.question), validations.map((recorded) => recorded.answers[minor])];
    const { families, mutations } = validationCoverage(cases, answers, minor);
    expect([...missing(families), ...missing(mutations), ...missing(featureCoverage(cases).fields)]).toEqual([]);
  });

  test.each(MINORS)('every reason, redirect, ruling, place, switch and conflict of a verdict is met in %s', (minor) => {
    const recorded = worlds.map(({ question: world, answers }) => ({ world, answer: answers[minor] }));
    expect(missing(verdictCoverage(recorded, minor))).toEqual([]);
  });
});

/** In the words of a reviewed world. */
function outcome(answer: FlowAnswer): string {
  if ('error' in answer) {
    return answer.error;
  }
  const ruling = answer.http ?? answer.dns ?? answer.sni;
  return ruling === undefined ? sidesOutcome(answer) : `${sidesOutcome(answer)}/${ruling}`;
}

function sidesOutcome({ allowed, egress, ingress }: Verdict): string {
  if (allowed === null) {
    return '?';
  }
  const sides = [egress, ingress];
  const denied = sides.find(({ decision }) => decision === 'denied');
  const redirect = sides.find((side) => side.redirect !== null)?.redirect;
  const reasons = sides.map(({ reason }) => reason);
  if (denied !== undefined) {
    return denied.reason === 'protocol-off' ? 'D(off)' : denied.reason === 'deny-rule' ? 'D' : 'D(nm)';
  }
  if (redirect !== undefined) {
    return `R(${redirect})`;
  }
  return reasons.includes('rule') ? 'A' : reasons.includes('localhost') ? 'A(localhost)' : 'A(open)';
}

/** In the words of a reviewed validation. */
function whoRefuses(answer: Answer): string {
  const { schema } = validationParts(answer);
  const [refusal] = answer.agent ?? [];
  const agent = refusal === undefined ? [] : [refusal.startsWith('panic') ? 'crash' : 'agent'];
  return [...(schema === true ? [] : ['API server']), ...agent].join(', ') || 'accepted';
}
