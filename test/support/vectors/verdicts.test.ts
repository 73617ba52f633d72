import fc from 'fast-check';
import { allowedBy, FlowAnswer, readFlowAnswer, Ruling, Side, Verdict, writeFlowAnswer } from './verdicts';

const POLICIES = ['CiliumNetworkPolicy/shop/web', 'CiliumClusterwideNetworkPolicy//all', 'NetworkPolicy/shop/web'];

const decided = fc.record({
  reason: fc.constantFrom<Side['reason'] & string>('rule', 'deny-rule', 'default-deny', 'not-enforced', 'localhost'),
  redirect: fc.option(fc.constantFrom('http', 'dns', 'tls', 'crd', 'kafka', 'proxylib')),
  policies: fc.subarray(POLICIES),
});

const sides: fc.Arbitrary<Side> = fc.oneof(
  decided.map((side): Side => ({
    ...side,
    decision: side.reason === 'deny-rule' || side.reason === 'default-deny' ? 'denied' : 'allowed',
  })),
  fc.constantFrom<Side['decision']>('n/a', 'unknown').map((decision): Side => ({ decision, reason: null, redirect: null, policies: [] })),
);

const rulings = fc.constantFrom<Ruling>('allowed', 'denied', 'unknown');

const answers: fc.Arbitrary<FlowAnswer> = fc.oneof(
  fc.record({ error: fc.string() }),
  fc
    .record({ egress: sides, ingress: sides, http: rulings, dns: rulings, sni: rulings }, { requiredKeys: ['egress', 'ingress'] })
    .map((verdict): Verdict => ({ ...verdict, allowed: allowedBy([verdict.egress, verdict.ingress]) })),
);

test('an answer that is written and read again is the same', () => {
  fc.assert(fc.property(answers, (answer) => expect(readFlowAnswer(writeFlowAnswer(answer, POLICIES), POLICIES)).toEqual(answer)));
});

test('an answer is short', () => {
  const text = writeFlowAnswer(
    {
      allowed: false,
      egress: { decision: 'allowed', reason: 'rule', redirect: 'http', policies: [POLICIES[0], POLICIES[2]] },
      ingress: { decision: 'denied', reason: 'default-deny', redirect: null, policies: [POLICIES[1]] },
      http: 'denied',
    },
    POLICIES,
  );
  expect(text).toBe('rule:0,2>http default-deny:1 http=denied');
});
