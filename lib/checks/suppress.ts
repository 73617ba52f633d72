/**
 * Suppresses findings, each with a reason.
 *
 * In YAML, a comment `# cilium-check: allow CIL303, CIL405 -- reason` on the line above a node or at the end of its line applies to the node and
 * everything below it. Above the first key of a document, it applies to the whole document. On an object, the annotation `cdk8s-cilium/allow`
 * has the form `CIL303: reason; CIL405: reason`.
 */
import { ALLOW_ANNOTATION } from '../model/annotation';
import type { Diagnostic } from '../model/diagnostic';
import { isObject } from '../model/json';
import type { Document, Origin, Resource } from '../model/origin';
import type { Path } from '../model/path';
import type { TextPlaces } from '../read/places';
import type { Node } from '../read/yaml/node';
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
  readonly allows: (diagnostic: Diagnostic) => boolean;
}

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
): Diagnostic[] {
  const read = policies.length === 0 ? [] : [...fromComments(document, places), ...policies.flatMap(fromAnnotation)];
  if (read.length === 0) {
    return [...diagnostics];
  }
  const suppressions = read.flatMap((one) => ('code' in one ? [one] : []));
  const used = new Set<Suppression>();
  const judged = diagnostics.map((diagnostic) => {
    const suppression = suppressions.find((one) => one.code === diagnostic.code && one.allows(diagnostic));
    if (suppression === undefined) {
      return diagnostic;
    }
    used.add(suppression);
    return { ...diagnostic, allowed: suppression.reason };
  });
  return [
    ...judged,
    ...read.flatMap((one) => ('message' in one ? [diagnose(malformed, one, one.origin)] : [])),
    ...suppressions
      .filter((one) => !used.has(one))
      .map(({ code, origin }) =>
        diagnose(unused, { message: `the suppression of ${code} matches no finding`, help: 'remove the suppression' }, origin),
      ),
  ];
}

const COMMENT = /#[ \t]*cilium-check:([^\n]*)/g;

function fromComments(document: Document, places: TextPlaces): (Suppression | Mistake)[] {
  const { text = '' } = document.source;
  const own = text.slice(document.start, document.end);
  if (!own.includes('cilium-check:')) {
    return [];
  }
  const root = places.treeOf(document);
  return [...own.matchAll(COMMENT)].flatMap((match) => {
    const start = document.start + match.index;
    const origin: Origin = { document, path: [], range: { start, end: start + match[0].trimEnd().length } };
    if (root !== undefined && isInScalar(root, match.index)) {
      return [];
    }
    const scope = scopeOf(document, root, match.index);
    return parse(match[1], origin, (diagnostic) => isWithin(diagnostic, scope));
  });
}

/** A hash inside a scalar does not begin a comment. */
function isInScalar(node: Node, offset: number): boolean {
  if (offset < node.start || offset >= node.end) {
    return false;
  }
  switch (node.is) {
    case 'scalar':
      return true;
    case 'sequence':
      return node.items.some((item) => isInScalar(item, offset));
    case 'mapping':
      return node.entries.some(({ key, value }) => isInScalar(key, offset) || isInScalar(value, offset));
  }
}

/** The path of the node that a comment applies to; the whole document if the comment is above everything. */
function scopeOf(document: Document, root: Node | undefined, offset: number): Path {
  const own = (document.source.text ?? '').slice(document.start, document.end);
  if (root === undefined || offset < root.start) {
    return [];
  }
  const lineStart = own.lastIndexOf('\n', offset - 1) + 1;
  const isAfterNode = own.slice(lineStart, offset).trim() !== '';
  const from = isAfterNode ? lineStart : offset;
  return firstFrom(root, from, []) ?? [];
}

/** The first node in the text that begins at or after an offset; the outermost if several begin at the same place. */
function firstFrom(node: Node, offset: number, path: Path): Path | undefined {
  for (const { step, start, value } of childrenOf(node)) {
    const found = start >= offset ? [...path, step] : firstFrom(value, offset, [...path, step]);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function childrenOf(node: Node): readonly { readonly step: string | number; readonly start: number; readonly value: Node }[] {
  switch (node.is) {
    case 'scalar':
      return [];
    case 'sequence':
      return node.items.map((value, step) => ({ step, start: startOf(value), value }));
    case 'mapping':
      return node.entries.map(({ name, key, value }) => ({ step: name, start: key.start, value }));
  }
}

function startOf(node: Node): number {
  return node.is === 'mapping' ? (node.entries.at(0)?.key.start ?? node.start) : node.start;
}

function isWithin({ origin }: Diagnostic, scope: Path): boolean {
  const path = [...(origin.resource?.at ?? []), ...origin.path];
  return scope.every((step, i) => path[i] === step);
}

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
      return parse(`allow ${codes} -- ${reason.join(':')}`, origin, (diagnostic) => diagnostic.origin.resource === resource);
    });
}

/** Reads `allow CIL303, CIL405 -- reason`. */
function parse(text: string, origin: Origin, allows: (diagnostic: Diagnostic) => boolean): (Suppression | Mistake)[] {
  const [, codes, reason = ''] = /^\s*allow\s+([\w,\s]+?)\s*(?:--\s*(.*?)\s*)?$/.exec(text) ?? [];
  if (codes === undefined) {
    return [{ message: `\`${text.trim()}\` is not a valid suppression`, help: 'write `allow CIL303 -- reason`', origin }];
  }
  if (reason === '') {
    return [{ message: 'a suppression without a reason has no effect', help: `write \`allow ${codes} -- reason\``, origin }];
  }
  return codes.split(/[,\s]+/).map((written) => {
    const check = checkOf(written);
    return check === undefined ? { message: `there is no check \`${written}\``, origin } : { code: check.code, reason, origin, allows };
  });
}
