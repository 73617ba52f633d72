import { messages, policy } from '../support/check';

test('an empty list of DNS rules needs no port', () => {
  expect(
    messages(policy('  endpointSelector: {}\n  egress:\n    - toPorts:\n        - rules:\n            dns: []\n'), { select: ['CIL2'] }),
  ).toEqual([]);
});

test.each([
  ['EchoReqest', 'did you mean `EchoRequest`?'],
  ['Nonsense', 'write its number, 0 to 255'],
])('the help for the ICMP type %s is: %s', (type, help) => {
  const icmp = `  endpointSelector: {}\n  ingress:\n    - icmps:\n        - fields:\n            - type: ${type}\n`;
  expect(messages(policy(icmp)).join('\n')).toContain(help);
});

test.each([
  ['  namespace: shop', 'write `metadata.name`'],
  ['  generateName: web-', 'write `metadata.name`: only `kubectl create` generates a name from'],
])('the help for an object without a name but with %s is: %s', (line, help) => {
  const text = policy('  endpointSelector: {}\n  ingress: [{}]\n').replace('  name: web', line);
  expect(messages(text).join('\n')).toContain(help);
});
