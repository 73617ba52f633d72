/** The agent never receives what the API server rejects. If both report the same mistake, only the API server's finding is kept. */
import { pointersAlong } from '../model/path';
import type { Finding } from './admit';

export function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  const isEcho = echoTest(findings);
  return findings.filter((finding) => finding.check.stage !== 'agent' || !isEcho(finding));
}

/** Whether a finding of the agent repeats a finding of the API server. Pointers are looked up, because there may be thousands of both. */
function echoTest(findings: readonly Finding[]): (finding: Finding) => boolean {
  // Where a finding is an echo, where it is one in a field, and where it is one at any depth.
  const [here, inField, below] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { check, path } of findings) {
    if (check.stage !== 'schema' || check.echo === 'none') {
      continue;
    }
    const along = pointersAlong(path);
    const own = along[path.length];
    here.add(own);
    if (check.echo === 'fields') {
      inField.add(own);
    } else if (check.echo === 'branch') {
      below.add(own);
      along.forEach((pointer) => here.add(pointer));
    }
  }
  return ({ path }) => {
    const along = pointersAlong(path);
    return here.has(along[path.length]) || inField.has(along[path.length - 1]) || along.some((pointer) => below.has(pointer));
  };
}
