/** One report of several sets. */
import { checkSources } from '../../../lib/checks/check-texts';
import { CODES } from '../../../lib/checks/registry';
import { expectParsed } from '../../../lib/net/parsed';
import { joined } from '../../../lib/report/findings/sets';
import { reportOf } from '../../../lib/report/findings/summary';
import { settle } from '../../../lib/settings/settings';

const policy = (spec: string, name = 'a') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

test('findings of several sets stand in the order of their files, and those of all sets once', () => {
  const base = {
    name: 'base.yaml',
    text: `${policy('{endpointSelector: {}, ingress: [{fromEntities: [wrold]}]}')}---\n${policy('{endpointSelector: {}, egress: [{toServices: [{k8sServiceSelector: {selector: {}}, x: 1}]}]}', 'b')}`,
  };
  const other = { name: 'other.yaml', text: policy('{endpointSelector: {}}', 'c') };
  const reportIn = (cilium: string, sources: readonly { name: string; text: string }[]) =>
    reportOf(checkSources(sources, expectParsed(settle(CODES, { values: { cilium } }))), '0');
  const { cilium, summary, diagnostics } = joined([
    { name: 'one', report: reportIn('1.19', [base]) },
    { name: 'two', report: reportIn('1.20', [base, other]) },
  ]);
  expect(cilium).toBe('1.19, 1.20');
  expect(diagnostics.map(({ code, origin, sets }) => [origin.document.source.name, code, sets])).toEqual([
    ['base.yaml', 'CIL104', ['one', 'two']],
    ['base.yaml', 'CIL103', ['one', 'two']],
    ['other.yaml', 'CIL110', ['two']],
  ]);
  expect(summary).toMatchObject({ errors: 3, policies: 5, files: 3 });
});
