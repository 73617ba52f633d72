import type { Answer } from '../../generate/answers';
import type { ValidationCase } from '../../generate/cases';
import { MINORS } from './minors';
import { compare, objectsJudge, objectsParts, parserJudge, replay, textParts, validationParts, worldParts } from './replay';
import type { ObjectsAnswer, Recorded, TextAnswer } from './store';
import type { Verdict, WorldAnswer } from './verdicts';

function recorded<Question, Reply>(question: Question, reply: Reply): Recorded<Question, Reply> {
  return { question, answers: { '1.18': reply, '1.19': reply, '1.20': reply } };
}

const accepted: Answer = { unknown: [], schema: [], cel: [], agent: [] };

describe('a validation', () => {
  const answers: Record<string, Answer> = {
    accepted,
    schema: { ...accepted, schema: ['spec: Required value'] },
    cel: { ...accepted, cel: ['no'] },
    agent: { ...accepted, agent: ['port must be specified'] },
    error: { error: 'panic: nil' },
  };

  test.each([
    ['accepted', { schema: true, agent: true, accepted: true, unknown: [] }],
    ['schema', { schema: false, agent: true, accepted: false, unknown: [] }],
    ['cel', { schema: false, agent: true, accepted: false, unknown: [] }],
    ['agent', { schema: true, agent: false, accepted: false, unknown: [] }],
    ['error', { schema: false, agent: false, accepted: false, unknown: [] }],
  ])('that ends in %s comes down to %j', (name, parts) => {
    expect(validationParts(answers[name])).toEqual(parts);
  });

  test('is a disagreement for every minor with another answer', () => {
    const question: ValidationCase = { object: {} };
    const answers = { '1.18': accepted, '1.19': { ...accepted, agent: ['no'] }, '1.20': accepted };
    const { disagreements, compared, passed } = replay([{ question, answers }], validationParts, () => ({ agent: true, unknown: [] }));
    expect(disagreements).toEqual([{ question, minor: '1.19', part: 'agent', cilium: false, ours: true }]);
    expect({ compared, passed }).toEqual({ compared: 6, passed: 0 });
  });

  test('is a disagreement if other fields are unknown', () => {
    const judge = () => ({ unknown: ['spec.egres'] });
    const { disagreements } = replay([recorded({ object: {} }, { ...accepted, unknown: ['spec.ingres'] })], validationParts, judge);
    expect(disagreements).toHaveLength(MINORS.length);
  });

  test('without a claim of the judge is skipped and counted', () => {
    const { compared, passed, disagreements } = replay([recorded({ object: {} }, accepted)], validationParts, () => undefined);
    expect({ compared, passed, disagreements }).toEqual({ compared: 0, passed: 3, disagreements: [] });
  });

  test('about one string is judged by the parser of that string', () => {
    const wrong: ValidationCase = { object: {}, leaf: { parser: 'port', text: '70000' } };
    expect(replay([recorded(wrong, accepted)], validationParts, parserJudge).disagreements).toHaveLength(MINORS.length);
    const right: ValidationCase = { object: {}, leaf: { parser: 'port', text: '443' } };
    expect(replay([recorded(right, accepted)], validationParts, parserJudge).disagreements).toEqual([]);
    expect(parserJudge({ object: {} }, '1.20')).toBeUndefined();
  });
});

describe('a world', () => {
  const verdict: Verdict = {
    allowed: true,
    egress: { decision: 'allowed', reason: 'rule', redirect: 'http', policies: ['CiliumNetworkPolicy/shop/web'] },
    ingress: { decision: 'n/a', reason: null, redirect: null, policies: [] },
    http: 'denied',
  };
  const answer: WorldAnswer = { error: null, answers: [verdict, { error: 'no pod shop/x' }] };

  // Each answer is wrong in one place only.
  test.each<[string, WorldAnswer]>([
    ['flows/0/allowed', { error: null, answers: [{ ...verdict, allowed: false }, answer.answers[1]] }],
    [
      'flows/0/egress/decision',
      { error: null, answers: [{ ...verdict, egress: { ...verdict.egress, decision: 'denied' } }, answer.answers[1]] },
    ],
    [
      'flows/0/egress/reason',
      { error: null, answers: [{ ...verdict, egress: { ...verdict.egress, reason: 'localhost' } }, answer.answers[1]] },
    ],
    [
      'flows/0/egress/redirect',
      { error: null, answers: [{ ...verdict, egress: { ...verdict.egress, redirect: null } }, answer.answers[1]] },
    ],
    ['flows/0/egress/policies', { error: null, answers: [{ ...verdict, egress: { ...verdict.egress, policies: [] } }, answer.answers[1]] }],
    ['flows/0/http', { error: null, answers: [{ ...verdict, http: 'allowed' }, answer.answers[1]] }],
    ['error', { error: 'refused' }],
  ])('is found wrong at %s', (part, ours) => {
    const { disagreements } = replay([recorded({}, answer)], worldParts, () => worldParts(ours));
    expect(disagreements.filter(({ minor }) => minor === '1.20').map((found) => found.part)).toEqual([part]);
  });

  test('is compared without the wording of errors', () => {
    const ours: WorldAnswer = { error: null, answers: [verdict, { error: 'unknown pod' }] };
    expect(replay([recorded({}, answer)], worldParts, () => worldParts(ours)).disagreements).toEqual([]);
  });

  test('is a disagreement if a flow that cannot be judged is judged', () => {
    const ours: WorldAnswer = { error: null, answers: [verdict, verdict] };
    expect(replay([recorded({}, answer)], worldParts, () => worldParts(ours)).disagreements).not.toEqual([]);
  });
});

describe('a text', () => {
  test.each<[string, TextAnswer, unknown]>([
    ['read', { json: { a: 1 } }, { refused: false, refusedStrictly: false, json: { a: 1 } }],
    ['read, but not strictly', { json: { a: 1 }, strictError: 'key twice' }, { refused: false, refusedStrictly: true, json: { a: 1 } }],
    ['refused', { error: 'no', strictError: 'no' }, { refused: true, refusedStrictly: true, json: undefined }],
  ])('that is %s comes down to that', (_, answer, parts) => {
    expect(textParts(answer)).toEqual(parts);
  });

  test('is the same whatever the order of its keys', () => {
    const judge = () => ({ json: { b: 2, a: 1 } });
    expect(replay([recorded('', { json: { a: 1, b: 2 } })], textParts, judge).disagreements).toEqual([]);
  });
});

describe('a text with several documents', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod' };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' };
  const other = { ...policy, kind: 'CiliumCIDRGroup' };
  const texts = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

  test('has policies in order, and those whose kind or version is wrong', () => {
    const [unknown, old] = [
      { ...policy, kind: 'CiliumNetworkPolice' },
      { ...policy, apiVersion: 'cilium.io/v3' },
    ];
    expect(objectsJudge(texts(policy, pod, unknown, old), '1.20')).toEqual({ policies: [policy, unknown, old] });
  });

  test.each<[string, ObjectsAnswer, string, boolean]>([
    ['the same policies', { objects: [policy, pod, other] }, texts(policy, pod, other), true],
    ['one policy more', { objects: [policy] }, texts(policy, other), false],
    ['one policy less', { objects: [policy, other] }, texts(policy), false],
    ['another order', { objects: [other, policy] }, texts(policy, other), false],
    ['one policy more, where kubectl stops', { objects: [policy], error: 'no' }, texts(policy, other), true],
    ['one policy less, where kubectl stops', { objects: [policy, other], error: 'no' }, texts(policy), false],
    ['an error instead of a policy', { objects: [policy, other], error: 'no' }, `${texts(policy)}\n---\na: [`, true],
    ['an error instead of a policy', { objects: [policy, other] }, `${texts(policy)}\n---\na: [`, true],
  ])('agrees or not: %s', (_, answer, text, agrees) => {
    expect(compare(objectsParts(answer), objectsJudge(text, '1.20')!)).toHaveLength(agrees ? 0 : 1);
  });
});
