/** Builds the tree of a document from js-yaml's events, with the semantics of `sigs.k8s.io/yaml`. */
import { COLLECTION_STYLE, Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { keyText } from './key';
import type { Entry, MappingNode, Node, ScalarNode, SequenceNode, ScalarStyle } from './node';
import type { Edit } from './patched';
import { resolvePlain } from './scalar';
import { afterAll } from './scan';
import type { Problem, Source } from './source';
import { resolveTagged } from './tag';

/** Stops the parsing of a document. */
export class ParseError extends Error {
  public constructor(public readonly problem: Problem) {
    super(problem.message);
  }
}

/** Where the anchor and the tag of a node are; negative without them. */
type Properties = Pick<EventOf<typeof EVENT_ID.SCALAR>, 'anchorStart' | 'anchorEnd' | 'tagStart'>;

type EventOf<Id extends Event['type']> = Extract<Event, { type: Id }>;

/** Characters and escapes that are valid in YAML 1.1: not an escaped slash, nor a lone surrogate. */
const VALID = /[^\\]+|\\(?!\/|u[dD][89a-fA-F][0-9a-fA-F]{2}|U(?!0{2}(?:0|10)[0-9a-fA-F]{4,5}))[^]/y;

/** The header of a block scalar with an indentation indicator. */
const INDENTED_HEADER = /[|>][-+]?[1-9][-+]?[ \t]*[#\n]/;

/** YAML 1.1 requires the colon within this many characters. */
export const MAX_KEY = 1024;

/** More duplicate keys than these, in one document, are only in hostile texts. */
export const MAX_DUPLICATES = 1_000;

/** More merged entries than these, in one document, are only in hostile texts: a few lines of merged aliases make millions. */
export const MAX_MERGED = 1_000_000;

function hasBadEscape(text: string): boolean {
  return afterAll(VALID, text, 0) < text.length;
}

/** A space or a tab. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/**
 * Whether the text before a key ends with `?` and a gap: white space, quotes, tags, anchors and headers of block scalars.
 *
 * From the right, so that no part of the text is looked at twice. Each part ends where only one part can end, so there is only one way.
 */
function isAnnounced(before: string): boolean {
  // Whether everything from an offset on is a gap, for the offsets that were looked at.
  const isGap: boolean[] = [];
  isGap[before.length] = true;
  let [gap, space, newline] = [before.length, before.length, before.length];
  for (let at = before.length - 1; at >= 0; at--) {
    const char = before[at];
    if (char === '!' || char === '&') {
      isGap[at] = space < before.length && isGap[space + 1];
    } else if (char === '|' || char === '>') {
      isGap[at] = before[newline] === '\n' && isGap[newline + 1];
    } else {
      isGap[at] = /["'\s]/.test(char) && isGap[at + 1];
    }
    gap = isGap[at] ? at : gap;
    space = /\s/.test(char) ? at : space;
    newline = /[\n\r\u2028\u2029]/.test(char) ? at : newline;
    if (char === '\n' && !isGap[at]) {
      // Every part ends at a line break, so nothing before it can be a gap.
      break;
    }
  }
  return before[gap - 1] === '?';
}

/** The places of nodes are those of the original text. */
function errorAt({ start, end }: Node, is: Problem['is'], message: string): ParseError {
  return new ParseError({ is, message, start, end });
}

function styleOf({ style, tagStart }: EventOf<typeof EVENT_ID.SCALAR>): ScalarStyle {
  const isPlain = style === SCALAR_STYLE.PLAIN && tagStart < 0;
  return isPlain ? 'plain' : style === SCALAR_STYLE.LITERAL_BLOCK ? 'literal' : 'other';
}

export class Builder {
  public readonly problems: Problem[];
  /** If there are any, the text must be parsed again with them, and this tree is of no use. In the order of the text. */
  public readonly edits: Edit[] = [];
  private readonly anchors = new Map<string, Node>();
  /** Collections that are not complete yet. */
  private readonly open = new Set<Node>();
  public hasAliases = false;
  private at = 0;
  /** Where the last scalar ended. */
  private last = 0;
  /** The number of brackets around the next node. */
  private flow = 0;
  private readonly hasTab: boolean;
  private hasNonFinite = false;
  private duplicates = 0;
  private hasOverride = false;
  private merges = 0;
  /** Where the last search for a tab ended. Many empty nodes have the same place. */
  private tabSearched = -1;

  public constructor(
    private readonly source: Source,
    private readonly isJson: boolean,
  ) {
    this.problems = [...source.problems];
    this.hasTab = source.patched.text.includes('\t');
  }

  /** The root of the document. An empty text is null. */
  public document(): Node {
    const { events } = this.source;
    if (/^[ ]*\t/m.test(this.source.patched.text) && events.length < 3) {
      throw this.parseError('a tab where YAML 1.1 allows only spaces', 0, 0);
    }
    if (events.length === 0 || events[1].type === EVENT_ID.POP) {
      return { is: 'scalar', value: null, text: '', style: 'plain', start: 0, end: 0 };
    }
    const [document] = events as [EventOf<typeof EVENT_ID.DOCUMENT>];
    if (document.directives.some((directive) => directive.kind === 'yaml' && directive.version !== '1.1')) {
      throw this.parseError('the Kubernetes tools read only YAML 1.1', 0, 0);
    }
    const directive = /^%(?!YAML|TAG)\S*/m.exec(this.slice(0, this.source.patched.text.search(/^---/m)));
    if (directive !== null) {
      throw this.parseError(`unknown directive \`${directive[0]}\``, directive.index, directive.index + directive[0].length);
    }
    this.at = 1;
    const root = this.node();
    if (this.hasNonFinite) {
      this.refuseNonFinite(root, new Set());
    }
    return root;
  }

  /** Rejects infinity and NaN, which JSON cannot represent. Keys become strings, so they are not checked. */
  private refuseNonFinite(node: Node, seen: Set<Node>): void {
    if (node.is === 'scalar') {
      if (typeof node.value === 'number' && !Number.isFinite(node.value)) {
        throw new ParseError({ is: 'syntax', message: `\`${node.text}\` cannot be represented in JSON`, start: node.start, end: node.end });
      }
    } else if (!seen.has(node)) {
      seen.add(node);
      (node.is === 'sequence' ? node.items : node.entries.map(({ value }) => value)).forEach((part) => this.refuseNonFinite(part, seen));
    }
  }

  private next(): Event {
    return this.source.events[this.at];
  }

  private node(): Node {
    const event = this.next();
    this.at += 1;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.anchored(event, this.scalar(event));
      case EVENT_ID.SEQUENCE:
        return this.sequence(event);
      case EVENT_ID.MAPPING:
        return this.mapping(event);
      case EVENT_ID.ALIAS:
        return this.alias(event);
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
        throw new Error(`event ${event.type} does not start a node`);
    }
  }

  private original(offset: number): number {
    return this.source.patched.original(offset);
  }

  private slice(start: number, end: number): string {
    return this.source.patched.text.slice(start, end);
  }

  private parseError(message: string, start: number, end: number): ParseError {
    return new ParseError({ is: 'syntax', message, start: this.original(start), end: this.original(end) });
  }

  private anchored<T extends Node & { hasProperties?: boolean }>(event: Properties, node: T): T {
    const { anchorStart, anchorEnd, tagStart } = event;
    if (anchorStart >= 0) {
      this.refuseName(anchorStart, anchorEnd);
      this.anchors.set(this.slice(anchorStart, anchorEnd), node);
    }
    if (anchorStart >= 0 || tagStart >= 0) {
      node.hasProperties = true;
    }
    return node;
  }

  /** Only a node with an anchor can contain an alias of itself. */
  private opened({ anchorStart }: { anchorStart: number }, node: Node): void {
    if (anchorStart >= 0) {
      this.open.add(node);
    }
  }

  private refuseName(start: number, end: number): void {
    if (!/^[-\w]+$/.test(this.slice(start, end))) {
      throw this.parseError('the name of an anchor can have only letters, digits, `-` and `_`', start, end);
    }
  }

  private alias({ anchorStart, anchorEnd }: EventOf<typeof EVENT_ID.ALIAS>): Node {
    this.hasAliases = true;
    this.refuseName(anchorStart, anchorEnd);
    const name = this.slice(anchorStart, anchorEnd);
    const node = this.anchors.get(name);
    if (node !== undefined && this.open.has(node)) {
      throw this.parseError(`\`*${name}\` is inside the node that it refers to`, anchorStart, anchorEnd);
    }
    if (node === undefined) {
      throw this.parseError(`\`*${name}\` has no anchor \`&${name}\` before it`, anchorStart, anchorEnd);
    }
    return node;
  }

  /** In YAML 1.1, a tag must be followed by a space. */
  private refuseTagEnd(start: number, end: number): void {
    if (start >= 0 && /[,\]}]/.test(this.slice(end, end + 1))) {
      throw this.parseError('a tag must be followed by a space', start, end);
    }
  }

  /** In YAML 1.1, a tag can contain a comma. In brackets, js-yaml takes it for the end of the tag. */
  private hasComma(start: number, end: number): boolean {
    return start >= 0 && /^,\s/.test(this.slice(end, end + 2));
  }

  /** A scalar that is another one after an edit. */
  private edited(edit: Edit): ScalarNode {
    this.edits.push(edit);
    return { is: 'scalar', value: '', text: '', style: 'plain', start: 0, end: 0 };
  }

  private scalar(event: EventOf<typeof EVENT_ID.SCALAR>): ScalarNode {
    const { tagStart, tagEnd, style } = event;
    if (this.hasComma(tagStart, tagEnd)) {
      return this.edited({ is: 'replace', at: tagEnd, text: '_' });
    }
    this.refuseTagEnd(tagStart, tagEnd);
    // An empty scalar is placed at the end of the previous one.
    const [start, end] = event.valueStart < 0 ? [this.last, this.last] : [event.valueStart, event.valueEnd];
    this.last = Math.max(end, tagEnd, event.anchorEnd);
    if (!this.isJson && style === SCALAR_STYLE.DOUBLE_QUOTED && hasBadEscape(this.slice(start, end))) {
      throw this.parseError('not a valid escape sequence in YAML 1.1', start, end);
    }
    if (this.hasTab && this.flow === 0) {
      this.refuseTab(Math.max(tagStart, event.anchorStart, start));
    }
    const text = this.textOf(event);
    const isInBrackets = style === SCALAR_STYLE.PLAIN && this.flow > 0;
    if (isInBrackets && text.startsWith('?')) {
      // Inside brackets, a question mark always begins a key.
      return this.edited({ is: 'insert', at: start + 1, text: ' ' });
    }
    if (isInBrackets && text.startsWith(':')) {
      throw this.parseError('inside brackets, a string that begins with `:` needs quotes', start, end);
    }
    const plain = style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
    const value = tagStart < 0 ? plain : resolveTagged(this.slice(tagStart, tagEnd), text);
    if (typeof value === 'object' && value !== null) {
      throw this.parseError(value.problem, start, end);
    }
    this.hasNonFinite ||= typeof value === 'number' && !Number.isFinite(value);
    return { is: 'scalar', value, text, style: styleOf(event), start: this.original(start), end: this.original(end) };
  }

  /** YAML 1.1 does not allow a tab between a node and the indicator or the beginning of the line before it. */
  private refuseTab(start: number): void {
    if (start === this.tabSearched) {
      return;
    }
    this.tabSearched = start;
    const { text } = this.source.patched;
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (/^(?:.*[-?]|[ ]*:)?[ ]*\t[ \t]*$/.test(line)) {
      throw this.parseError('a tab where YAML 1.1 allows only spaces', start - 1, start);
    }
  }

  private textOf(event: EventOf<typeof EVENT_ID.SCALAR>): string {
    const { text: whole } = this.source.patched;
    // If a block scalar is the whole document, its indentation indicator counts from the left margin.
    const isRoot = this.at === 2 && this.isIndentedHeader(event.valueStart);
    const text = getScalarValue(whole, isRoot ? { ...event, indent: event.indent + 1 } : event);
    if (event.style === SCALAR_STYLE.PLAIN) {
      return isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(text.length - 1))
        ? text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '')
        : text;
    }
    // A block scalar at the end of a text without a final line break does not end with a line break.
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const isLast = isBlock && event.valueEnd === this.source.patched.text.length && !this.source.patched.text.endsWith('\n');
    return isLast ? text.replace(/\n$/, '') : text;
  }

  /** Whether the line that ends at an offset has the header of a block scalar with an indentation indicator. */
  private isIndentedHeader(end: number): boolean {
    const line = this.slice(this.source.patched.text.lastIndexOf('\n', end - 2) + 1, end);
    return line.endsWith('\n') && !line.includes('\r') && INDENTED_HEADER.test(line);
  }

  private sequence(event: EventOf<typeof EVENT_ID.SEQUENCE>): SequenceNode {
    const start = this.original(event.start);
    const items: Node[] = [];
    const node = this.anchored(event, { is: 'sequence' as const, items, start, end: start });
    const inBrackets = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
    this.flow += inBrackets;
    this.opened(event, node);
    while (this.next().type !== EVENT_ID.POP) {
      items.push(this.node());
    }
    this.at += 1;
    this.open.delete(node);
    this.flow -= inBrackets;
    node.end = items.at(-1)?.end ?? start;
    return node;
  }

  private mapping(event: EventOf<typeof EVENT_ID.MAPPING>): MappingNode {
    const start = this.original(event.start);
    const byName = new Map<string, Entry>();
    const entries: Entry[] = [];
    let hasMerge = false;
    // The anchor is registered before the mapping is complete, because an alias inside it may refer to it.
    const node = this.anchored(event, { is: 'mapping' as const, entries, start, end: start });
    const inBrackets = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
    this.flow += inBrackets;
    this.opened(event, node);
    while (this.next().type !== EVENT_ID.POP) {
      const isMerge = this.isMerge();
      const key = this.key();
      const value = this.node();
      node.end = value.end;
      if (isMerge && hasMerge) {
        this.report('merge-twice', { key }, 'a second `<<` in a mapping');
      }
      if (isMerge) {
        hasMerge = true;
        this.merged(value).forEach((entry) => this.merge(entry, byName));
        continue;
      }
      const entry = this.entry(key, value);
      const before = byName.get(entry.name);
      if (before?.isMerged === true) {
        // An own key after `<<` overrides the merged one, for every tool.
        this.overridden(entry);
      } else if (before !== undefined) {
        this.reportDuplicate(entry);
      }
      byName.set(entry.name, entry);
    }
    this.at += 1;
    this.open.delete(node);
    this.flow -= inBrackets;
    byName.forEach((entry) => entries.push(entry));
    return node;
  }

  /** Without a `?` before it, a key must be on one line and its colon within 1,024 characters. */
  private key(): Node {
    const event = this.next();
    const key = this.node();
    if (event.type !== EVENT_ID.SCALAR) {
      return key;
    }
    const { valueStart: start, valueEnd: end } = event;
    if (start < 0) {
      return key;
    }
    if (this.flow > 0 && event.style === SCALAR_STYLE.PLAIN && /^:[[{"']/.test(this.slice(end, end + 2))) {
      throw this.parseError('the colon after a key must be followed by a space', end, end + 1);
    }
    const isLong = !this.isJson && this.original(end) - this.original(start) > MAX_KEY;
    if ((isLong || this.slice(start, end).includes('\n')) && !isAnnounced(this.slice(Math.max(0, start - MAX_KEY), start))) {
      throw this.parseError(isLong ? `the key has more than ${MAX_KEY} characters` : 'the key spans more than one line', start, end);
    }
    return key;
  }

  private entry(key: Node, value: Node): Entry {
    const name = key.is === 'scalar' ? keyText(key) : undefined;
    if (name === undefined) {
      throw errorAt(key, 'syntax', 'a key must be a string, a number or a boolean');
    }
    return { name, key, value };
  }

  /** Whether the next key is an unquoted `<<`. */
  private isMerge(): boolean {
    const event = this.next();
    return (
      event.type === EVENT_ID.SCALAR &&
      event.valueEnd - event.valueStart === 2 &&
      event.style === SCALAR_STYLE.PLAIN &&
      this.slice(event.valueStart, event.valueEnd) === '<<'
    );
  }

  /** A merged entry replaces an own one before it, as kubectl reads it; the readers of kustomize and Flux keep the own one. */
  private merge(entry: Entry, byName: Map<string, Entry>): void {
    const own = byName.get(entry.name);
    if (own !== undefined && own.isMerged !== true) {
      this.report('merge-order', own, `key \`${own.name}\` is before a \`<<\` that merges the same key`);
    }
    byName.set(entry.name, { ...entry, isMerged: true });
  }

  /** The entries that `<<` merges. If several mappings share a key, the first mapping wins. */
  private merged(value: Node): readonly Entry[] {
    const mappings = value.is === 'sequence' ? [...value.items].reverse() : [value];
    const entries = mappings.flatMap((mapping) => {
      if (mapping.is !== 'mapping') {
        throw errorAt(mapping, 'syntax', '`<<` needs a mapping or a list of mappings');
      }
      this.merges += mapping.entries.length;
      if (this.merges > MAX_MERGED) {
        throw errorAt(value, 'limit', `\`<<\` merges more than ${MAX_MERGED} entries`);
      }
      return mapping.entries;
    });
    const names = new Set<string>();
    for (const entry of entries) {
      if (names.has(entry.name)) {
        this.overridden(entry);
      }
      names.add(entry.name);
    }
    return entries;
  }

  private reportDuplicate(entry: Pick<Entry, 'name' | 'key'>): void {
    this.report('duplicate-key', entry, `duplicate key \`${entry.name}\``);
  }

  /** Overriding is what merges are for. One is noted for the comparison with strict readers, and none is counted. */
  private overridden({ name, key }: Entry): void {
    if (!this.hasOverride) {
      this.hasOverride = true;
      this.problems.push({ is: 'merge-override', message: `key \`${name}\` overrides a merged one`, start: key.start, end: key.end });
    }
  }

  private report(is: Problem['is'], { key }: Pick<Entry, 'key'>, message: string): void {
    this.duplicates += 1;
    if (this.duplicates > MAX_DUPLICATES) {
      throw errorAt(key, 'limit', `more than ${MAX_DUPLICATES} keys are duplicates`);
    }
    this.problems.push({ is, message, start: key.start, end: key.end });
  }
}
