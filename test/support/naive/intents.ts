/** What intents say, in the words of their docstrings. */
import { and, Expression, say, Value } from './expression';
import { CORE_DNS, openDns, Props, Spec, specOf, speak } from './specs';

type Meaning = (props: Props, space: string) => Spec;

const all = say('Selector.all');
const tcp = (ports: Value) => ((ports ?? []) as number[]).map((port) => say('Port.tcp', port));
const list = (value: Value) => (value ?? []) as Expression[];
const dnsOf = ({ dns }: Props) => (dns ?? CORE_DNS) as Expression;

/** An intent that only observes closes nothing. */
function closes({ observe }: Props, ...directions: ('Ingress' | 'Egress')[]): Props {
  return Object.fromEntries(directions.map((one) => [`defaultDeny${one}`, observe !== true]));
}

/** Every namespace but some. */
function everywhereBut({ exceptNamespaces, alsoExcept, exceptNamespacesLabeled }: Props, isReserved: boolean): Expression {
  const names = [...((exceptNamespaces ?? ['kube-system']) as string[]), ...((alsoExcept ?? []) as string[])];
  return and(
    all,
    ...(isReserved ? [say('inAnyNamespace')] : []),
    ...(names.length > 0 ? [say('outsideNamespaces', ...names)] : []),
    ...(exceptNamespacesLabeled === undefined ? [] : [say('outsideNamespacesLabeled', exceptNamespacesLabeled)]),
  );
}

export const INTENTS: Readonly<Record<string, Meaning>> = {
  /** Closes egress of pods, except DNS. */
  DefaultDenyEgress: (props) => {
    const spec = specOf({ endpointSelector: everywhereBut(props, props.exceptReserved === true), ...closes(props, 'Egress') }, undefined);
    openDns(spec, dnsOf(props));
    return spec;
  },
  /** Closes ingress of pods. Endpoints without a namespace are not affected. */
  DefaultDenyIngress: (props) => specOf({ endpointSelector: everywhereBut(props, true), ...closes(props, 'Ingress') }, undefined),
  /** Infrastructure pods connect only to each other, to DNS, to the cloud, to the API server and to the kubelets. */
  InfraBaseline: (props) => {
    const { namespaceLabels, exceptNamespaces, fqdns, cidrs, kubeletPorts = [10250], resolverUpstream, apiserverPorts } = props;
    const infra = and(all, say('inNamespacesLabeled', namespaceLabels));
    const except = exceptNamespaces === undefined ? [] : [say('outsideNamespaces', ...(exceptNamespaces as string[]))];
    const spec = specOf({ endpointSelector: and(infra, ...except), ...closes(props, 'Egress') }, undefined);
    const open = (peer: Expression, ...traffic: Expression[]) => speak(spec, 'allowTo', peer, ...traffic);
    open(say('Peer.endpoints', infra));
    openDns(spec, dnsOf(props));
    list(resolverUpstream && [resolverUpstream]).forEach((peer) => open(peer, say('Port.any', 53)));
    open(say('Peer.fqdns', ...list(fqdns)));
    open(say('Peer.cidrs', ...list(cidrs)));
    open(say('Peer.kubeApiserver'), ...tcp(apiserverPorts));
    open(say('Peer.allNodes'), say('Ports.of', tcp(kubeletPorts)));
    return spec;
  },
  /** Only the cluster itself, and the peers listed, connect to the nodes. */
  HostFirewall: (props) => {
    const { nodeSelector = all, ssh, ping, controlPlane, ports } = props;
    const spec = specOf({ nodeSelector, ...closes(props, 'Ingress') }, undefined);
    const open = (peer: Expression, ...traffic: Expression[]) => speak(spec, 'allowFrom', peer, say('Ports.of', traffic));
    const any = say('Peer.any');
    speak(spec, 'allowFrom', say('Peer.cluster'));
    open(any, ...(ssh === true ? tcp([22]) : []), ...(ping === true ? [say('Icmp.echoRequest')] : []), ...list(ports));
    const { say: role = '', args = [] } = (controlPlane ?? {}) as Partial<Expression>;
    list(args).forEach((peer) => open(peer, ...tcp([role === 'ControlPlane.server' ? 6443 : 10250])));
    return spec;
  },
  /** Pods of a tenant connect only to each other. */
  TenantIsolation: (props, space) => {
    const { namespaceLabels, dns, allowApiserver, apiserverPorts } = props;
    const tenant = namespaceLabels === undefined ? all : and(all, say('inNamespacesLabeled', namespaceLabels));
    const own = namespaceLabels === undefined ? space : undefined;
    const spec = specOf({ endpointSelector: tenant, ...closes(props, 'Ingress', 'Egress') }, own);
    speak(spec, 'allowFrom', say('Peer.endpoints', tenant));
    speak(spec, 'allowTo', say('Peer.endpoints', tenant));
    list(dns && [dns]).forEach((one) => openDns(spec, one));
    if (allowApiserver === true) {
      speak(spec, 'allowTo', say('Peer.kubeApiserver'), ...tcp(apiserverPorts));
    }
    return spec;
  },
  /** Pods may call the API server, and on its own only that. */
  AllowApiserver: (props, space) => {
    const spec = specOf({ endpointSelector: all, ...props, ...closes(props, 'Egress') }, space);
    speak(spec, 'allowTo', say('Peer.kubeApiserver'), ...tcp(props.apiserverPorts));
    return spec;
  },
  /** Pods connect only to these names, and to DNS. */
  DomainAllowlist: (props, space) => {
    const spec = specOf({ ...props, ...closes(props, 'Egress') }, space);
    openDns(spec, dnsOf(props));
    speak(spec, 'allowTo', say('Peer.fqdns', ...list(props.domains)), ...list(props.ports));
    return spec;
  },
  /** Only these clients connect to a service, and the world if it is exposed. */
  ServiceGuard: (props, space) => {
    const spec = specOf({ ...props, ...closes(props, 'Ingress') }, space);
    const exposure = (props.exposure as Expression | undefined)?.say;
    const outside = {
      'Exposure.LOAD_BALANCER': [say('Peer.world')],
      'Exposure.NODE_PORT': [say('Peer.world'), say('Peer.remoteNodes')],
    }[exposure ?? ''];
    [...list(props.clients), ...(outside ?? [])].forEach((peer) => speak(spec, 'allowFrom', peer, ...list(props.ports)));
    return spec;
  },
  /** Pods connect only to these peers; DNS is open if it is given, or if a peer is a name. */
  EgressAllowlist: (props, space) => {
    const spec = specOf({ ...props, ...closes(props, 'Egress') }, space);
    const hasNames = list(props.peers).some((peer) => peer.say === 'Peer.fqdns');
    list(hasNames ? [dnsOf(props)] : props.dns && [props.dns]).forEach((dns) => openDns(spec, dns));
    list(props.peers).forEach((peer) => speak(spec, 'allowTo', peer, ...list(props.ports)));
    return spec;
  },
};
