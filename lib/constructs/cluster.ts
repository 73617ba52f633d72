import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, AppProps, IResolver, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { parseNamespaceName } from '../net/label';
import { parsePrefix } from '../net/prefix';
import { fail, must, mustBeConstruct, mustBeText, shown } from '../props/errors';
import { CLUSTER_FILE } from '../props/marks';
import { a, flag, listOf, mustFit, number, Shape, some, text, texts, TypeCheck } from '../props/shape';
import { CloudProfile } from './patterns/cloud-profile';
import { DnsResolver } from './patterns/dns-resolver';
import { Port } from './port';
import { noteAddresses, OwnAddresses } from './private/cluster-addresses';

/** Properties of a Cluster. */
export interface ClusterProps extends AppProps {
  /**
   * The minor of Cilium, for checks and verdicts about this cluster.
   *
   * @default - the minor of the settings file, or the newest supported minor
   */
  readonly cilium?: string;
  /**
   * Keys of the cluster's `cilium-config` with non-default values, for checks and verdicts about this cluster.
   *
   * @default - the keys of the settings file, or the defaults of Cilium's Helm chart
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * The resolver that pods query.
   *
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
  /**
   * The TCP ports that the API server listens on, often 6443: the port of its endpoints, not of the Service `kubernetes`. Intents that open the
   * API server then open only these.
   *
   * @default - every port of the machines that run the API server
   */
  readonly apiserverPorts?: number[];
  /**
   * What the components of the cloud provider need.
   *
   * @default - no names and CIDRs of a cloud
   */
  readonly cloud?: CloudProfile;
  /**
   * The CIDRs of pods. A CIDR peer inside of them fails the synthesis, because CIDR rules never match pods.
   *
   * @default - CIDR peers are not compared with pods
   */
  readonly podCidrs?: string[];
  /**
   * The CIDRs of nodes. A CIDR peer inside of them fails the synthesis, because CIDR rules match nodes only if the agent's
   * `policy-cidr-match-mode` says so, in `config`.
   *
   * @default - CIDR peers are not compared with nodes
   */
  readonly nodeCidrs?: string[];
}

const outputType: TypeCheck = (value, what, at) => {
  number(value, what, at);
  if (YamlOutputType[value as YamlOutputType] === undefined) {
    fail(`unknown ${what} ${shown(value)}`, 'write a member of YamlOutputType', at);
  }
};

const resolver: TypeCheck = (value, what, at) => {
  if (typeof (value as Partial<IResolver> | null | undefined)?.resolve !== 'function') {
    fail(`${what} is ${shown(value)}, not a resolver`, 'write an object with the method resolve', at);
  }
};

const PROPS: Shape<ClusterProps> = {
  outdir: { optional: text },
  outputFileExtension: { optional: text },
  yamlOutputType: { optional: outputType },
  recordConstructMetadata: { optional: flag },
  resolvers: { optional: listOf(resolver) },
  cilium: { optional: text },
  config: { optional: texts },
  dns: { optional: a(DnsResolver) },
  apiserverPorts: { optional: some(listOf(number), 'leave them out if the ports are not known') },
  cloud: { optional: a(CloudProfile) },
  podCidrs: { optional: listOf(text) },
  nodeCidrs: { optional: listOf(text) },
};

/**
 * An app for one cluster. It says once what all policies of the cluster have in common; a program for several clusters makes one for each.
 *
 * Each cluster is synthesized, checked and asked for verdicts on its own, so that two clusters never mix. Its files are in a folder of its name,
 * below the output folder of cdk8s.
 *
 * @example
 *
 * for (const name of ['dev', 'prod']) {
 *   const cluster = new Cluster(name, { cilium: '1.19', apiserverPorts: [6443], dns: DnsResolver.nodeLocalDns() });
 *   new ClusterBaseline(cluster, 'baseline', { defaultDenyEgress: { observe: name === 'dev', exceptReserved: true } });
 *   cluster.synth();
 * }
 */
export class Cluster extends App {
  /**
   * Returns the cluster that a construct belongs to; nothing if its app is not a `Cluster`.
   *
   * @param construct a construct in the cluster
   */
  public static ofConstruct(construct: IConstruct): Cluster | undefined {
    mustBeConstruct('construct', construct);
    const { root } = construct.node;
    return root instanceof Cluster ? root : undefined;
  }

  /** @internal */
  public readonly _isCluster = true;

  /** The name of the cluster. */
  public readonly name: string;
  /** The minor of Cilium, if given. */
  public readonly cilium?: string;
  /** The keys of `cilium-config`, if given. */
  public readonly config?: { readonly [key: string]: string };
  /** The resolver that pods query. */
  public readonly dns: DnsResolver;
  /** The TCP ports of the API server, if given. */
  public readonly apiserverPorts?: number[];
  /** What the components of the cloud provider need, if given. */
  public readonly cloud?: CloudProfile;

  /**
   * @param name the name of the cluster, and of its folder
   * @param props what its policies have in common
   */
  public constructor(name: string, props: ClusterProps = {}) {
    mustBeText('name of a cluster', name);
    if (!parseNamespaceName(name).ok) {
      fail(
        `name of a cluster \`${name}\` is not valid`,
        'use up to 63 lower-case letters, digits and `-`, beginning and ending with a letter or a digit',
      );
    }
    mustFit('Cluster', PROPS, props, { isDerived: new.target !== Cluster });
    const {
      outdir = join(process.env.CDK8S_OUTDIR ?? 'dist', name),
      outputFileExtension,
      yamlOutputType,
      recordConstructMetadata,
      resolvers,
    } = props;
    super({ outdir, outputFileExtension, yamlOutputType, recordConstructMetadata, resolvers });
    this.name = name;
    if (props.cilium !== undefined && !/^1\.[0-9]+$/.test(props.cilium)) {
      fail(`cilium is \`${props.cilium}\`, not a minor`, 'write, for example, `1.20`');
    }
    if (outdir === '') {
      fail('outdir is empty', 'give a folder, or leave it out');
    }
    this.cilium = props.cilium;
    this.config = props.config && Object.freeze({ ...props.config });
    this.dns = props.dns ?? DnsResolver.kubeDns();
    this.apiserverPorts = props.apiserverPorts && frozenPorts(props.apiserverPorts);
    this.cloud = props.cloud;
    noteAddresses(this, addressesOf(props));
  }

  /**
   * Writes the manifests of the cluster to its folder, which must be its own. Beside them it writes what the validation plugin needs to judge the
   * cluster on its own.
   */
  public override synth(): void {
    mustOwnFolder(this);
    super.synth();
    const { name, cilium, config } = this;
    writeFileSync(join(this.outdir, CLUSTER_FILE), `${JSON.stringify({ name, cilium, config })}\n`);
  }
}

/** Throws if the program has written another cluster to the folder. */
function mustOwnFolder({ name, outdir }: Cluster): void {
  const folder = resolve(outdir);
  const other = folders.get(folder) ?? name;
  if (other !== name) {
    fail(`clusters \`${other}\` and \`${name}\` are written to the same folder ${outdir}`, 'give each its own outdir');
  }
  folders.set(folder, name);
}

/** The clusters that the program has written, by their folders. */
const folders = new Map<string, string>();

/** A program that empties the list later would open every port. */
function frozenPorts(ports: readonly number[]): number[] {
  ports.forEach((port) => Port.tcp(port));
  return Object.freeze([...ports]) as number[];
}

function addressesOf({ podCidrs = [], nodeCidrs = [], config = {} }: ClusterProps): readonly OwnAddresses[] {
  const addresses = (of: OwnAddresses['of'], cidrs: readonly string[]) =>
    cidrs.map((cidr) => ({ of, cidr, prefix: must('CIDR', cidr, parsePrefix) }));
  const matchesNodes = (config['policy-cidr-match-mode'] ?? '').split(/[ ,]/).includes('nodes');
  const nodes = addresses('nodes', nodeCidrs);
  return [...addresses('pods', podCidrs), ...(matchesNodes ? [] : nodes)];
}
