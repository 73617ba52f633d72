/** What connections say: each is allowed at the client and at the server, as far as the program writes their policies. */
import { and, Expression, Program, say, Value } from './expression';
import { CORE_DNS, openDns, Props, Spec, specOf, speak } from './specs';

/** Some pods. */
interface Workload {
  readonly isOwned: boolean;
  readonly space: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Props;
}

interface Connection {
  readonly client: Expression;
  readonly server: Expression;
  readonly traffic: Expression;
}

export function specsOfConnections(program: Program): readonly Spec[] {
  const workloads = new Map(program.flatMap(({ name, expression }) => workloadOf(name, expression)));
  const connections = program.flatMap(({ expression: { say: name, args = [] } }): Connection[] => {
    const [on, through, verb] = name.split('.');
    const [other, traffic] = args as Expression[];
    const own = { say: on };
    if (through !== 'connections') {
      return [];
    }
    return [verb === 'allowTo' ? { client: own, server: other, traffic } : { client: other, server: own, traffic }];
  });
  return [...workloads].filter(([, { isOwned }]) => isOwned).map(([name]) => specOfWorkload(name, workloads, connections));
}

function workloadOf(name = '', { say: made, args = [] }: Expression): [string, Workload][] {
  if (made === 'Workload.labels') {
    const [chart, , labels, options = {}] = args as [Expression, string, Workload['labels'], Props | undefined];
    return [[name, { isOwned: true, space: chart.say, labels, options }]];
  }
  const [space, labels] = args as [string, Workload['labels']];
  return made === 'Workload.imported' ? [[name, { isOwned: false, space, labels, options: {} }]] : [];
}

function specOfWorkload(name: string, workloads: ReadonlyMap<string, Workload>, connections: readonly Connection[]): Spec {
  const { space, labels, options } = workloads.get(name) as Workload;
  const isOwn = (direction: 'client' | 'server') => connections.some((one) => one[direction].say === name) && options.observe !== true;
  const props = {
    endpointSelector: say('Selector.labels', labels),
    defaultDenyEgress: isOwn('client'),
    defaultDenyIngress: isOwn('server'),
  };
  const spec = specOf(props, space);
  // Labels are those of all pods, so a workload with more labels is among them.
  const isMine = ({ say: one, args = [], then = [] }: Expression) =>
    one === name ||
    (one === 'Workloads.labeled' &&
      Object.entries(args[0] as Workload['labels']).every(([key, value]) => labels[key] === value) &&
      then.every(({ args: [only] = [] }) => only === space));
  for (const { client, server, traffic } of connections) {
    const { isOwned = false, options: { observe } = {} } = workloads.get(server.say) ?? {};
    const atServer = isOwned && observe !== true && !(traffic.then ?? []).some((one) => one.say === 'dns');
    const plain = { ...traffic, then: [] };
    if (isMine(client)) {
      speak(spec, 'allowTo', peerOf(server, workloads), atServer ? plain : traffic);
    }
    if (isMine(server)) {
      speak(spec, 'allowFrom', peerOf(client, workloads), atServer ? traffic : plain);
    }
    const isName = server.say === 'External.domains';
    if (isMine(client) && (isName || options.resolvesNames === true)) {
      openDns(spec, CORE_DNS);
    }
  }
  return spec;
}

/** The peer that a side of a connection means. */
function peerOf(side: Expression, workloads: ReadonlyMap<string, Workload>): Expression {
  const { say: name, args = [], then = [] } = side;
  const workload = workloads.get(name);
  if (workload !== undefined) {
    return and(say('Peer.labels', workload.labels), say('inNamespace', workload.space));
  }
  switch (name) {
    case 'Workloads.labeled':
      return and(say('Peer.labels', args[0]), say('inAnyNamespace'), ...then);
    case 'External.domains':
      return say('Peer.fqdns', ...args);
    case 'External.cidrs':
      return say('Peer.cidrs', ...args);
    case 'External.world':
      return say('Peer.world');
    case 'External.kubeApiserver':
      return say('Peer.kubeApiserver');
    case 'External.peer':
      return args[1] as Expression & Value;
    case 'Gateway.ciliumIngress':
      return say('Peer.ingress');
    default:
      throw new Error(`no side ${name}`);
  }
}
