/** Explained verdicts as data: every one is what docs/formats says of it. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { openRequest } from '../../../lib/cli/verdict-request';
import type { JsonObject } from '../../../lib/model/json';
import { parseFlow, parseEnd } from '../../../lib/read/flow';
import { answerOf } from '../../../lib/report/verdicts/answer';
import { explainedAnswer } from '../../../lib/report/verdicts/explained';
import { endText } from '../../../lib/report/verdicts/text';
import { MINORS } from '../../support/vectors/minors';
import { readSet } from '../../support/vectors/store';

const validate = new Ajv().compile(JSON.parse(readFileSync('docs/formats/verdict.schema.json', 'utf8')) as object);

/** The explanations of all flows of some worlds that can be judged, in every minor. */
const explanations = [...readSet('worlds-reviewed'), ...readSet('worlds-differing').slice(0, 40)].flatMap(({ question }) =>
  MINORS.flatMap((cilium) => {
    const verdicts = openRequest({ ...question, cilium } as unknown as JsonObject);
    const flows = question.flows.map(parseFlow).flatMap((flow) => (flow.ok ? [flow.value] : []));
    return verdicts.ok ? flows.map((flow) => verdicts.value.explain(flow)).flatMap((one) => (one.ok ? [one.value] : [])) : [];
  }),
);

test('every answer has the form that is documented', () => {
  for (const explanation of explanations) {
    const answer = explainedAnswer(explanation);
    expect({ errors: validate(answer) ? null : validate.errors, answer }).toEqual({ errors: null, answer });
    expect(validate(answerOf(explanation.verdict))).toBe(true);
  }
  expect(explanations.length).toBeGreaterThan(1_000);
});

const sides = explanations
  .flatMap((explanation) => explainedAnswer(explanation).explanation.flatMap(({ egress, ingress }) => [egress, ingress]))
  .filter((side) => side !== null);

test('the steps narrow down', () => {
  for (const { selecting, ofPeer, ofTraffic } of sides) {
    expect(selecting.map(keyOf)).toEqual(expect.arrayContaining(ofPeer.map(keyOf)));
    expect(ofPeer.map(keyOf)).toEqual(expect.arrayContaining(ofTraffic.map(keyOf)));
  }
});

test('a rule that decides by matching shows the same parts as in the step before', () => {
  const matches = sides.flatMap(({ deciding, ofTraffic }) =>
    deciding.map((rule) => [rule, ofTraffic.find((match) => keyOf(match) === keyOf(rule))]),
  );
  const matched = matches.filter(([, match]) => match !== undefined);
  expect(matched.length).toBeGreaterThan(100);
  matched.forEach(([rule, match]) => expect(rule).toEqual(match));
});

test('the nearest rule always differs', () => {
  const nearest = sides.flatMap((side) => side.nearest ?? []);
  expect(nearest.length).toBeGreaterThan(100);
  expect(nearest.filter(({ differs }) => differs.length === 0)).toEqual([]);
});

function keyOf({ policy, path }: { readonly policy: string; readonly path: string }): string {
  return `${policy} ${path}`;
}

test.each([
  'shop/web',
  'labels:app=web,tier=x@shop',
  'ip:2001:db8::1',
  'fqdn:a.example.com',
  'entity:world',
  'node:n1',
  'service:shop/web',
])('%s is written as it was read', (text) => {
  const place = parseEnd(text);
  expect(place.ok && endText(place.value)).toBe(text);
});
