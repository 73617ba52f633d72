/** The answers of this project to the worlds of the vectors, through the API that programs use. */
import { isDeepStrictEqual } from 'node:util';
import { openRequest, replyOf, VerdictReply } from '../../../lib/cli/verdict-request';
import type { Json, JsonObject } from '../../../lib/model/json';
import type { WorldCase } from '../../generate/worlds';
import type { Minor } from './minors';
import { Parts, worldParts } from './replay';
import type { WorldAnswer } from './verdicts';

const KINDS = [
  ...['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy', 'ClusterNetworkPolicy', 'CiliumCIDRGroup'],
  ...['Namespace', 'Node', 'CiliumNode', 'Pod', 'Service', 'EndpointSlice'],
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'],
];

/** Whether shrinking has changed the kind of an object. */
function isBroken(object: WorldCase['objects'][number]): boolean {
  const { kind, apiVersion, metadata, spec } = object as {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly metadata?: { readonly name?: string; readonly namespace?: string };
    readonly spec?: JsonObject;
  };
  const isClusterwide = [
    'Namespace',
    'Node',
    'CiliumNode',
    'CiliumCIDRGroup',
    'CiliumClusterwideNetworkPolicy',
    'ClusterNetworkPolicy',
  ].includes(kind ?? '');
  const isKnown = KINDS.includes(kind ?? '');
  const isTierless = kind === 'ClusterNetworkPolicy' && ['tier', 'priority', 'subject'].some((field) => spec?.[field] === undefined);
  return (
    !isKnown ||
    isTierless ||
    apiVersion === undefined ||
    metadata?.name === undefined ||
    (metadata.namespace === undefined && !isClusterwide)
  );
}

/** The parts of an answer from the engine. The specification must give the same answer. */
export function worldJudge(world: WorldCase, cilium: Minor): Parts {
  if (world.objects.some(isBroken)) {
    throw new Error('the question has been broken');
  }
  const verdicts = openRequest({ ...world, cilium } as unknown as JsonObject);
  if (!verdicts.ok) {
    return { error: true };
  }
  const { refused, specification } = verdicts.value;
  const flows = world.flows as unknown as readonly Json[];
  const [fast, slow] = [verdicts.value, specification].map((judge) =>
    partsOf(replyOf(flows, { refused, warnings: [], verdict: (flow) => judge.verdict(flow) })),
  );
  const differing = Object.keys({ ...fast, ...slow }).filter((part) => !isDeepStrictEqual(fast[part], slow[part]));
  return { ...fast, ...Object.fromEntries(differing.map((part) => [part, { engine: fast[part], specification: slow[part] }])) };
}

/**
 * Answers that depend on a cloud group are not claimed, because the group is empty for Cilium's code, nor those that depend on which of several rules
 * decides about an authentication.
 */
function partsOf(reply: VerdictReply): Parts {
  const parts = Object.entries(worldParts(reply as WorldAnswer));
  const opaque = (reply.answers ?? []).flatMap((answer, i) =>
    /cloud group|about the authentication|shares its selector/.test(JSON.stringify(answer)) ? [`flows/${i}/`] : [],
  );
  return Object.fromEntries(parts.filter(([part]) => !opaque.some((flow) => part.startsWith(flow))));
}
