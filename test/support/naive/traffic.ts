/** What the words for ports, ICMP types and requests say about a connection. */
import { Expression, Value } from './expression';
import { Attempt, WEB } from './universe';

type Props = Readonly<Record<string, Value>>;

/** The values of one argument: `Ports.of()` has several. */
export function partsOf(traffic: Expression): readonly Expression[] {
  return traffic.say.startsWith('Ports.') ? (traffic.args?.[0] as Expression[]) : [traffic];
}

export function covers({ say: name, args = [] }: Expression, { protocol, port = 0, type, to }: Attempt): boolean {
  const [first, last] = args as number[];
  const isOver = (wanted: string) => protocol === wanted || (wanted === 'ANY' && protocol !== 'ICMP');
  const isWeb = to.is === 'pod' && String(first).toLowerCase() === 'web' && protocol === 'TCP' && port === WEB;
  switch (name) {
    case 'Port.everything':
      return true;
    case 'Port.tcp':
    case 'Port.udp':
    case 'Port.sctp':
    case 'Port.any':
      return isOver(name.slice(5).toUpperCase()) && port === first;
    case 'Port.tcpRange':
    case 'Port.udpRange':
      return isOver(name.slice(5, 8).toUpperCase()) && port >= first && port <= last;
    case 'Port.allTcp':
    case 'Port.allUdp':
    case 'Port.allSctp':
      return isOver(name.slice(8).toUpperCase());
    case 'Port.protocol':
      return isOver((args[0] as Expression).say.replace('Protocol.', ''));
    case 'Port.named':
      return isWeb && isOver((args[1] as Expression).say.replace('Protocol.', ''));
    case 'Port.tcpNamed':
      return isWeb;
    case 'Port.dnsProxy':
      return isOver('ANY') && port === 53;
    case 'Icmp.echoRequest':
      return type === 8;
    case 'Icmp.v4':
      return type === (args[0] === 'DestinationUnreachable' ? 3 : first);
    case 'Icmp.v6':
      return false;
    default:
      throw new Error(`no word ${name}`);
  }
}

/** Whether the request on a connection is one of those that a port allows. A connection without a request passes. */
export function admits({ then = [] }: Expression, { http, dns, sni }: Attempt): boolean {
  return then.every(({ say: name, args = [] }) => {
    const names = args as string[];
    switch (name) {
      case 'http':
        return http === undefined || (args as Expression[]).some((rule) => isRequest(rule, http));
      case 'dns':
        return dns === undefined || names.some((one) => isName(one, dns));
      case 'serverNames':
        return sni === undefined || names.some((one) => isName(one, sni));
      default:
        throw new Error(`no word ${name}`);
    }
  });
}

function isRequest({ say: name, args = [] }: Expression, request: NonNullable<Attempt['http']>): boolean {
  const method = name.slice('HttpRule.'.length).toUpperCase();
  const wanted = (method === 'OF' ? args[0] : { method, path: args[0], ...(args[1] as Props) }) as Props;
  const isWhole = (pattern: Value, text: string) => pattern === undefined || new RegExp(`^(?:${pattern as string})$`).test(text);
  const hasHeader = (text: string) => {
    const [key, value] = text.split(': ');
    return key in request.headers && (value === undefined || request.headers[key] === value);
  };
  return (
    isWhole(wanted.method, request.method) &&
    isWhole(wanted.path, request.path) &&
    isWhole(wanted.host, request.host) &&
    ((wanted.headers ?? []) as string[]).every(hasHeader)
  );
}

/** `*` is any characters within a label, `**.` at the beginning one or more labels, and `*` alone every name. */
export function isName(pattern: string, name: string): boolean {
  const text = pattern.replace(/^\*\*\./, '(\\S+)\\.').replaceAll('*', '[^.]*');
  return pattern === '*' || new RegExp(`^${text}$`).test(name);
}
