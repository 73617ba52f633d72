/** What this project answers to the worlds of the vectors, through the door that programs use. */
import type { JsonObject } from '../../../lib/model/json';
import { INVENTORY_KINDS } from '../../../lib/read/inventory';
import { verdictReply } from '../../../lib/simulate/request';
import type { WorldCase } from '../../generate/worlds';
import type { Minor } from './minors';
import { Parts, worldParts } from './replay';
import type { FlowAnswer, WorldAnswer } from './verdicts';

const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'];

/** In the parts of an answer. What depends on a cloud group is not claimed: to Cilium's code it is a group of nothing. */
export function worldJudge(world: WorldCase, cilium: Minor): Parts {
  if (world.objects.some((object) => ![...INVENTORY_KINDS, ...POLICY_KINDS].includes((object as { kind: string }).kind))) {
    throw new Error('the question has been broken');
  }
  const reply = verdictReply({ ...world, cilium } as unknown as JsonObject);
  if (!reply.ok) {
    return { error: true };
  }
  const parts = Object.entries(worldParts(reply.value as WorldAnswer));
  const opaque = (reply.value.answers ?? []).flatMap((answer, i) => (isOpaque(answer as FlowAnswer) ? [`flows/${i}/`] : []));
  return Object.fromEntries(parts.filter(([part]) => !opaque.some((flow) => part.startsWith(flow))));
}

function isOpaque(answer: FlowAnswer): boolean {
  return JSON.stringify(answer).includes('what the cloud group');
}
