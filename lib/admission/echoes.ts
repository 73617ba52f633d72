/** The agent never receives what the API server rejects. If both report the same mistake, only the API server's finding is kept. */
import type { Path } from '../model/path';
import type { Finding } from './admit';
import type { Echo } from './check';

export function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  const ofSchema = findings.flatMap(({ check, path }) =>
    check.stage === 'schema' && check.echo !== 'none' ? [{ path, echo: check.echo }] : [],
  );
  const isEcho = ({ check, path }: Finding) => check.stage === 'agent' && ofSchema.some((one) => isEchoAt(one.path, one.echo, path));
  return ofSchema.length === 0 ? findings : findings.filter((finding) => !isEcho(finding));
}

/** Whether a finding of the agent at `path` repeats a finding of the API server at `at`. */
function isEchoAt(at: Path, echo: Echo | undefined, path: Path): boolean {
  const isAlong = at.every((step, i) => i >= path.length || path[i] === step);
  const below = path.length - at.length;
  return isAlong && (echo === 'branch' || below === 0 || (echo === 'fields' && below === 1));
}
