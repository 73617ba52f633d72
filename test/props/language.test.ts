/** Names in messages, in the language of the program. */
import { fail } from '../../lib/props/errors';
import { inLanguage } from '../../lib/props/language';

afterEach(() => {
  delete process.env.JSII_AGENT;
});

function said(agent: string | undefined, message: string): string {
  if (agent !== undefined) {
    process.env.JSII_AGENT = agent;
  }
  return inLanguage(message);
}

const SET = 'set endpointSelector or nodeSelector of `myPolicy`; write Port.allTcp(), or YamlOutputType.FILE';

test.each<[string | undefined, string]>([
  [undefined, SET],
  ['Java/21.0.2', SET],
  ['DotNet/8.0.0', SET],
  ['Python/3.12.3', 'set endpoint_selector or node_selector of `myPolicy`; write Port.all_tcp(), or YamlOutputType.FILE'],
  ['go1.22.1/linux/amd64', 'set EndpointSelector or NodeSelector of `myPolicy`; write Port_AllTcp(), or YamlOutputType_FILE'],
])('for a program of %s', (agent, message) => {
  expect(said(agent, SET)).toBe(message);
});

test('names of several capital letters stay one word', () => {
  expect(said('Python/3.12.3', 'securityGroupsIds of toFQDNs')).toBe('security_groups_ids of to_fqdns');
});

test('the texts of the user and the path of a construct stay as they are', () => {
  process.env.JSII_AGENT = 'Python/3.12.3';
  const at = { node: { path: 'myApp/webPolicy' } } as never;
  expect(() => fail('apiserverPorts has `myPort`', 'leave apiserverPorts out', at)).toThrow(
    /^apiserver_ports has `myPort`; leave apiserver_ports out, at myApp\/webPolicy$/,
  );
});
