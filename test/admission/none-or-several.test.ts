/** CIL110: the words for L7 rules of a kind that is gone. */
import { check } from '../../lib/engine';
import { cnp } from '../support/intent';

const rules = (written: object) => {
  const toPorts = [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: written }];
  return check([{ name: 'p.json', text: cnp({ ingress: [{ toPorts }] }) }], { select: ['CIL110'], cilium: '1.20' }).map(
    ({ message, help }) => [message, help],
  );
};

test('rules of Kafka and of `l7` are named as removed', () => {
  const words = [['none of `http` and `dns` is set', 'write exactly one of them; rules of `kafka` and `l7` were removed in Cilium 1.20']];
  expect(rules({ kafka: [{ role: 'produce' }] })).toEqual(words);
  expect(rules({ l7proto: 'cassandra', l7: [{ query_action: 'select' }] })).toEqual(words);
});
