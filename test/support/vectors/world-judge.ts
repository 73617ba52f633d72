/** The specification of verdicts, put to the worlds of the vectors. */
import type { UnknownReason, Verdict } from '../../../lib/model/flow';
import { parseFlow } from '../../../lib/read/flow';
import { INVENTORY_KINDS } from '../../../lib/read/inventory';
import { readObjects } from '../../../lib/read/read';
import { answerOf } from '../../../lib/simulate/answer';
import { simulate } from '../../../lib/simulate/simulation';
import type { WorldCase } from '../../generate/worlds';
import type { Minor } from './minors';
import { Parts, worldParts } from './replay';
import type { FlowAnswer } from './verdicts';

function isUnknown({ egress, ingress }: Verdict, reason: UnknownReason): boolean {
  return [egress, ingress].some((side) => side.decision === 'unknown' && side.because === reason);
}

/** What this project answers to a world, in the parts of an answer; a side that depends on a cloud group is one that it does not claim. */
export function worldJudge({ objects, names, config, flows }: WorldCase, cilium: Minor): Parts {
  const read = readObjects(
    'world',
    objects.map((value) => ({ value: value })),
    { namespace: 'default' },
  );
  if (read.others.some(({ kind }) => !INVENTORY_KINDS.includes(kind))) {
    throw new Error('Shrinking has broken the question.');
  }
  const simulation = simulate(read, { cilium, config, names });
  if (!simulation.ok || simulation.value.refused.length > 0) {
    return { error: true };
  }
  const verdicts = flows.map((flow) => {
    const parsed = parseFlow(flow);
    return parsed.ok ? simulation.value.verdict(parsed.value) : parsed;
  });
  if (verdicts.some((verdict) => verdict.ok && isUnknown(verdict.value, 'unresolved'))) {
    return { error: true };
  }
  const answers = verdicts.map((verdict): FlowAnswer =>
    verdict.ok ? (answerOf(verdict.value) as FlowAnswer) : { error: verdict.problem },
  );
  const opaque = verdicts.flatMap((verdict, i) => (verdict.ok && isUnknown(verdict.value, 'opaque') ? [`flows/${i}/`] : []));
  const parts = Object.entries(worldParts({ error: null, answers }));
  return Object.fromEntries(parts.filter(([part]) => !opaque.some((flow) => part.startsWith(flow))));
}
