/** Numbers of identities: two have the same number only if they have the same labels and ports. */
import { label } from '../../lib/model/label';
import { Identities } from '../../lib/reach/identities';
import { agentOf } from '../../lib/resolve/agent';

function identities(): Identities {
  const agent = agentOf('1.20', {});
  if (!agent.ok) {
    throw new Error(agent.problem);
  }
  return new Identities(agent.value);
}

test('sources of labels are told apart, also where they end with digits', () => {
  const all = identities();
  const labels = Array.from({ length: 13 }, (_, i) => label('k8s', `key-${i}`, 'x'));
  labels.forEach((one) => all.numberOf({ labels: [one], ports: [] }));
  const numbers = [label('a1', 'key-2', 'x'), label('a', 'key-12', 'x'), label('a', 'key-2', 'x'), label('k8s', 'key-2', 'x')].map((one) =>
    all.numberOf({ labels: [one], ports: [] }),
  );
  expect(new Set(numbers).size).toBe(4);
});

test('the same labels and ports have the same number, and other ports another one', () => {
  const all = identities();
  const labels = [label('k8s', 'app', 'web')];
  const http = { name: 'http', protocol: 'TCP', number: 80 };
  const [plain, again, ported] = [[], [], [http]].map((ports) => all.numberOf({ labels: [...labels], ports }));
  expect([again === plain, ported === plain]).toEqual([true, false]);
});
