/**
 * Suppresses findings, each with a reason.
 *
 * In YAML, a comment `# cilium-check: allow CIL103, CIL202 -- reason` on the line above a node or at the end of its line applies to the node and
 * everything below it. Above the first key of a document, it applies to the whole document. On an object, the annotation `cdk8s-cilium/allow`
 * has the form `CIL103: reason; CIL202: reason`.
 */
import { ALLOW_ANNOTATION } from '../model/annotation';
import { Diagnostic, isOwnCheck, Stage } from '../model/diagnostic';
import { isObject } from '../model/json';
import type { Document, Origin, Resource } from '../model/origin';
import { Path, pointer } from '../model/path';
import { shortened } from '../net/shortened';
import type { TextPlaces } from '../read/places';
import { codeMeant } from './code-meant';
import { Comments } from './comments';
import { diagnose } from './diagnose';
import { checkOf } from './registry';
import { check as unused } from './self/CIL901-unused-suppression';
import { check as malformed } from './self/CIL902-malformed-suppression';

/** Suppresses the findings of one check. */
interface Suppression {
  readonly code: string;
  readonly reason: string;
  /** Where it is written. */
  readonly origin: Origin;
  readonly scope: Scope;
}

/** What a suppression applies to: a path in the document with everything below it, or an object. */
type Scope = Path | Resource;

/** A malformed suppression, which has no effect. */
interface Mistake {
  readonly message: string;
  readonly help?: string;
  readonly origin: Origin;
}

/** The findings of a document, suppressed ones with their reasons, and findings about the suppressions themselves. */
export function suppress(
  diagnostics: readonly Diagnostic[],
  document: Document,
  policies: readonly Resource[],
  places: TextPlaces,
  isAsked: (code: string) => boolean,
): Diagnostic[] {
  const read = policies.length === 0 ? [] : [...fromComments(document, places), ...policies.flatMap(fromAnnotation)];
  if (read.length === 0) {
    return [...diagnostics];
  }
  const suppressions = new Suppressions(read.flatMap((one) => ('code' in one ? [one] : [])));
  const judged = diagnostics.map((diagnostic) => {
    const suppression = suppressions.of(diagnostic);
    return suppression === undefined ? diagnostic : { ...diagnostic, allowed: suppression.reason };
  });
  return [
    ...judged,
    ...read.flatMap((one) => ('message' in one ? [diagnose(malformed, one, one.origin)] : [])),
    ...suppressions
      .unused()
      .filter(({ code }) => isAsked(code) && !DEPENDING.includes(checkOf(code)?.stage))
      .map(({ code, origin }) =>
        diagnose(unused, { message: `the suppression of ${code} matches no finding`, help: 'remove the suppression' }, origin),
      ),
  ];
}

/** What these find depends on what else is given, which may be less today than tomorrow. */
const DEPENDING: readonly (Stage | undefined)[] = ['set', 'inventory', 'habits'];

/** Looks suppressions up by their check and scope. */
class Suppressions {
  private readonly byPath = new Map<string, Suppression>();
  private readonly byResource = new Map<Resource, Map<string, Suppression>>();
  private readonly used = new Set<Suppression>();

  public constructor(private readonly all: readonly Suppression[]) {
    all.forEach((one) => this.add(one));
  }

  private add(one: Suppression): void {
    if (isPath(one.scope)) {
      const key = keyOf(one.code, one.scope);
      this.byPath.set(key, this.byPath.get(key) ?? one);
    } else {
      const own = this.byResource.get(one.scope) ?? new Map<string, Suppression>();
      own.set(one.code, own.get(one.code) ?? one);
      this.byResource.set(one.scope, own);
    }
  }

  /** The outermost suppression that applies to a finding. */
  public of({ code, origin }: Diagnostic): Suppression | undefined {
    const path = [...(origin.resource?.at ?? []), ...origin.path];
    const scopes = path.map((_, i) => path.slice(0, i));
    const found = [...scopes, path].map((scope) => this.byPath.get(keyOf(code, scope))).find((one) => one !== undefined);
    const suppression = found ?? (origin.resource && this.byResource.get(origin.resource)?.get(code));
    if (suppression !== undefined) {
      this.used.add(suppression);
    }
    return suppression;
  }

  public unused(): readonly Suppression[] {
    return this.all.filter((one) => !this.used.has(one));
  }
}

function isPath(scope: Scope): scope is Path {
  return Array.isArray(scope);
}

function keyOf(code: string, scope: Path): string {
  return `${code} ${pointer(scope)}`;
}

function fromComments(document: Document, places: TextPlaces): (Suppression | Mistake)[] {
  const { text = '' } = document.source;
  const own = text.slice(document.start, document.end);
  if (!own.includes(MARK)) {
    return [];
  }
  const comments = new Comments(own, places.treeOf(document));
  return comments.with(MARK).flatMap(({ start, end, content, scope }) => {
    const origin: Origin = { document, path: [], range: { start: document.start + start, end: document.start + end } };
    return scope === undefined
      ? [{ message: 'the suppression applies to nothing', help: 'write it on the line above a node, or at the end of its line', origin }]
      : parse(content, origin, scope);
  });
}

const MARK = 'cilium-check:';

function fromAnnotation(resource: Resource): (Suppression | Mistake)[] {
  const { metadata } = resource.value;
  const annotations = isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
  const text = annotations[ALLOW_ANNOTATION];
  if (typeof text !== 'string') {
    return [];
  }
  const origin: Origin = { document: resource.document, resource, path: ['metadata', 'annotations', ALLOW_ANNOTATION] };
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .flatMap((part) => {
      const [codes, ...reason] = part.split(':');
      return parse(`allow ${codes} -- ${reason.join(':')}`, origin, resource);
    });
}

/** Reads `allow CIL103, CIL202 -- reason`. */
function parse(text: string, origin: Origin, scope: Scope): (Suppression | Mistake)[] {
  const dashes = text.indexOf('--');
  const [before, reason] = dashes < 0 ? [text, ''] : [text.slice(0, dashes), shortened(text.slice(dashes + 2).trim())];
  const [verb, ...codes] = before.split(/[\s,]/).filter((word) => word !== '');
  if (verb !== 'allow' || codes.length === 0 || codes.length > MOST_CODES) {
    return [{ message: `\`${text.trim()}\` is not a valid suppression`, help: 'write `allow CIL202 -- reason`', origin }];
  }
  if (reason === '') {
    return [{ message: 'a suppression without a reason has no effect', help: `write \`allow ${codes.join(', ')} -- reason\``, origin }];
  }
  return codes.map((written) => {
    const check = checkOf(written);
    if (check === undefined) {
      const meant = codeMeant(written);
      const help = meant === undefined ? 'run `cdk8s-cilium explain` for a list of all checks' : `did you mean \`${meant}\`?`;
      return { message: `there is no check \`${written}\``, help, origin };
    }
    return isOwnCheck(check.code)
      ? { message: `${check.code} cannot be suppressed`, help: 'it tells what the run itself did not do', origin }
      : { code: check.code, reason, origin, scope };
  });
}

/** Of one suppression. */
export const MOST_CODES = 100;
