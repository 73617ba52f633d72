/** CIL335: a section without rules closes nothing. */
import { ccnp, cnp, host, isAllowed, networkPolicy, object, places, words } from '../../support/intent';

const EGRESS = { egress: [{ toEntities: ['world'] }] };
const INGRESS = { ingress: [{ fromEntities: ['world'] }] };

test.each<[string, string, string[]]>([
  ['ingress beside egress', cnp({ ingress: [], ...EGRESS }), ['/spec/ingress']],
  ['egress beside ingress', ccnp({ egress: [], ...INGRESS }), ['/spec/egress']],
  ['beside a deny rule', cnp({ ingress: [], egressDeny: EGRESS.egress }), ['/spec/ingress']],
  ['beside a deny section that is empty too', cnp({ ingress: [], ingressDeny: [], ...EGRESS }), ['/spec/ingress']],
  ['beside the switch, which needs a rule', cnp({ ingress: [], enableDefaultDeny: { ingress: true }, ...EGRESS }), ['/spec/ingress']],
  ['a host policy', host({ ingress: [], ...EGRESS }), ['/spec/ingress']],
  ['`specs`', object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, ingress: [], ...EGRESS }] }), ['/specs/0/ingress']],
])('reported: %s', (_, text, paths) => {
  expect(places('CIL335', text)).toEqual(paths);
});

test.each<[string, string]>([
  ['a rule that selects nobody', cnp({ ingress: [{}], ...EGRESS })],
  ['no section', cnp(EGRESS)],
  ['a null, as of a section without items', cnp({ ingress: null, ...EGRESS })],
  ['a deny rule of the direction', cnp({ ingress: [], ingressDeny: INGRESS.ingress, ...EGRESS })],
  ['a deny section', cnp({ ingressDeny: [], ...EGRESS })],
  ['the switch that leaves open', cnp({ ingress: [], enableDefaultDeny: { ingress: false }, ...EGRESS })],
  [
    'another spec with rules of the direction',
    object('CiliumNetworkPolicy', {
      specs: [
        { endpointSelector: {}, ingress: [], ...EGRESS },
        { endpointSelector: {}, ...INGRESS },
      ],
    }),
  ],
  ['a NetworkPolicy', networkPolicy({ policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [{}] })],
])('not reported: %s', (_, text) => {
  expect(places('CIL335', text)).toEqual([]);
});

test('everybody may still connect', () => {
  const world = { from: 'entity:world' };
  expect(isAllowed(cnp({ ingress: [], ...EGRESS }), world)).toBe(true);
  expect(isAllowed(cnp({ ingress: [{}], ...EGRESS }), world)).toBe(false);
  expect(isAllowed(cnp({ ingress: [], enableDefaultDeny: { ingress: true }, ...EGRESS }), world)).toBe(true);
});

test('the messages', () => {
  expect(words('CIL335', cnp({ ingress: [], ...EGRESS }))).toBe(
    '`ingress` is empty, and so does not close ingress of these pods | write `ingress: [{}]` to close it, or remove it',
  );
  expect(words('CIL335', host({ egress: [], ...INGRESS }))).toContain('does not close egress of these nodes');
});
