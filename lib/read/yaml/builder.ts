/** The tree of a document, made of js-yaml's events; what they mean is that of `sigs.k8s.io/yaml`. */
import { COLLECTION_STYLE, Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { keyText } from './key';
import type { Mended } from './mended';
import type { Entry, MappingNode, Node, ScalarNode, SequenceNode } from './node';
import { resolvePlain } from './scalar';
import type { Problem, Source } from './source';
import { resolveTagged } from './tag';

/** Ends the reading of a document. */
export class Mistake extends Error {
  public constructor(public readonly problem: Problem) {
    super(problem.message);
  }
}

/** Ends it too: it is to be read again. */
export class Mendable extends Error {
  public constructor(public readonly mended: Mended) {
    super('to be read again');
  }
}

type EventOf<Id extends Event['type']> = Extract<Event, { type: Id }>;

/** Escapes that YAML 1.1 does not know, and halves of characters. */
const BAD_ESCAPE = /^(?:[^\\]|\\[^/uU])*?(\\\/|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?!0{2}(?:0|10)[0-9a-fA-F]{4,5}))/;

/** YAML 1.1 does not look further for the colon. */
const MAX_KEY = 1024;

/** A space or a tab. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export class Builder {
  public readonly problems: Problem[];
  private readonly anchors = new Map<string, Node>();
  /** Collections that have not ended yet. */
  private readonly open = new Set<Node>();
  public hasAliases = false;
  private at = 0;
  /** Where the last scalar ended. */
  private last = 0;
  /** How many brackets the next node is in. */
  private flow = 0;
  private readonly hasTab: boolean;
  private hasNonFinite = false;

  public constructor(
    private readonly source: Source,
    private readonly isJson: boolean,
  ) {
    this.problems = [...source.problems];
    this.hasTab = source.mended.text.includes('\t');
  }

  /** The root of the document; an empty text is null. */
  public document(): Node {
    const { events } = this.source;
    if (/^[ ]*\t/m.test(this.source.mended.text) && events.length < 3) {
      throw this.mistake('a tab where a space belongs', 0, 0);
    }
    if (events.length === 0 || events[1].type === EVENT_ID.POP) {
      return { is: 'scalar', value: null, text: '', start: 0, end: 0 };
    }
    const [document] = events as [EventOf<typeof EVENT_ID.DOCUMENT>];
    if (document.directives.some((directive) => directive.kind === 'yaml' && directive.version !== '1.1')) {
      throw this.mistake('the tools read YAML 1.1', 0, 0);
    }
    const directive = /^%(?!YAML|TAG)\S*/m.exec(this.slice(0, this.source.mended.text.search(/^---/m)));
    if (directive !== null) {
      throw this.mistake(`there is no directive \`${directive[0]}\``, directive.index, directive.index + directive[0].length);
    }
    this.at = 1;
    const root = this.node();
    if (this.hasNonFinite) {
      this.refuseNonFinite(root, new Set());
    }
    return root;
  }

  /** JSON has neither infinity nor what is no number; keys are texts. */
  private refuseNonFinite(node: Node, seen: Set<Node>): void {
    if (node.is === 'scalar') {
      if (typeof node.value === 'number' && !Number.isFinite(node.value)) {
        throw new Mistake({ is: 'syntax', message: `JSON has no \`${node.text}\``, start: node.start, end: node.end });
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
        throw new Error(`no node begins with the event ${event.type}`);
    }
  }

  private written(offset: number): number {
    return this.source.mended.written(offset);
  }

  private slice(start: number, end: number): string {
    return this.source.mended.text.slice(start, end);
  }

  private mistake(message: string, start: number, end: number): Mistake {
    return new Mistake({ is: 'syntax', message, start: this.written(start), end: this.written(end) });
  }

  private anchored<T extends Node>({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }, node: T): T {
    if (anchorStart >= 0) {
      this.refuseName(anchorStart, anchorEnd);
      this.anchors.set(this.slice(anchorStart, anchorEnd), node);
    }
    return node;
  }

  /** Only what has an anchor can be met again. */
  private opened({ anchorStart }: { anchorStart: number }, node: Node): void {
    if (anchorStart >= 0) {
      this.open.add(node);
    }
  }

  private refuseName(start: number, end: number): void {
    if (!/^[-\w]+$/.test(this.slice(start, end))) {
      throw this.mistake('an anchor has letters, digits, `-` and `_`', start, end);
    }
  }

  private alias({ anchorStart, anchorEnd }: EventOf<typeof EVENT_ID.ALIAS>): Node {
    this.hasAliases = true;
    this.refuseName(anchorStart, anchorEnd);
    const name = this.slice(anchorStart, anchorEnd);
    const node = this.anchors.get(name);
    if (node !== undefined && this.open.has(node)) {
      throw this.mistake(`\`*${name}\` stands inside of what it names`, anchorStart, anchorEnd);
    }
    if (node === undefined) {
      throw this.mistake(`no anchor \`&${name}\` stands before \`*${name}\``, anchorStart, anchorEnd);
    }
    return node;
  }

  /** YAML 1.1 lets a tag have a comma, and wants a space behind it. */
  private refuseTagEnd(start: number, end: number): void {
    if (start < 0 || !/[,\]}]/.test(this.slice(end, end + 1))) {
      return;
    }
    if (/^,\s/.test(this.slice(end, end + 2))) {
      throw new Mendable(this.source.mended.replace(end, '_'));
    }
    throw this.mistake('a tag needs a space behind it', start, end);
  }

  private scalar(event: EventOf<typeof EVENT_ID.SCALAR>): ScalarNode {
    const { tagStart, tagEnd, style } = event;
    this.refuseTagEnd(tagStart, tagEnd);
    // What is not written is where the last thing ended.
    const [start, end] = event.valueStart < 0 ? [this.last, this.last] : [event.valueStart, event.valueEnd];
    this.last = Math.max(end, tagEnd, event.anchorEnd);
    if (!this.isJson && style === SCALAR_STYLE.DOUBLE_QUOTED && BAD_ESCAPE.test(this.slice(start, end))) {
      throw this.mistake('an escape that YAML 1.1 does not know', start, end);
    }
    if (this.hasTab && this.flow === 0) {
      this.refuseTab(Math.max(tagStart, event.anchorStart, start));
    }
    const text = this.textOf(event);
    const isInBrackets = style === SCALAR_STYLE.PLAIN && this.flow > 0;
    if (isInBrackets && text.startsWith('?')) {
      // There a question mark begins a key, whatever follows.
      throw new Mendable(this.source.mended.insert(start + 1, ' '));
    }
    if (isInBrackets && text.startsWith(':')) {
      throw this.mistake('in brackets, a text that begins with `:` needs quotes', start, end);
    }
    const plain = style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
    const value = tagStart < 0 ? plain : resolveTagged(this.slice(tagStart, tagEnd), text);
    if (typeof value === 'object' && value !== null) {
      throw this.mistake(value.problem, start, end);
    }
    this.hasNonFinite ||= typeof value === 'number' && !Number.isFinite(value);
    return { is: 'scalar', value, text, start: this.written(start), end: this.written(end) };
  }

  /** YAML 1.1 takes no tab for the space between an indicator, or the beginning of a line, and what it begins. */
  private refuseTab(start: number): void {
    const { text } = this.source.mended;
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (/^(?:.*[-?]|[ ]*:)?[ ]*\t[ \t]*$/.test(line)) {
      throw this.mistake('a tab where a space belongs', start - 1, start);
    }
  }

  private textOf(event: EventOf<typeof EVENT_ID.SCALAR>): string {
    const { text: whole } = this.source.mended;
    // Where a block is the whole document, the number in its head counts from the margin.
    const isRoot = this.at === 2 && /[|>][-+]?[1-9][-+]?[ \t]*(?:#.*)?\n$/.test(whole.slice(0, event.valueStart));
    const text = getScalarValue(whole, isRoot ? { ...event, indent: event.indent + 1 } : event);
    if (event.style === SCALAR_STYLE.PLAIN) {
      return isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(text.length - 1)) ? text.replace(/^[ \t]+|[ \t]+$/g, '') : text;
    }
    // A block that ends with the text, without a line break, has none.
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const isLast = isBlock && event.valueEnd === this.source.mended.text.length && !this.source.mended.text.endsWith('\n');
    return isLast ? text.replace(/\n$/, '') : text;
  }

  private sequence(event: EventOf<typeof EVENT_ID.SEQUENCE>): SequenceNode {
    const start = this.written(event.start);
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
    const start = this.written(event.start);
    const byName = new Map<string, Entry>();
    const entries: Entry[] = [];
    // An alias below may stand for it, so it is there before it is complete.
    const node = this.anchored(event, { is: 'mapping' as const, entries, start, end: start });
    const inBrackets = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
    this.flow += inBrackets;
    this.opened(event, node);
    while (this.next().type !== EVENT_ID.POP) {
      const isMerge = this.isMerge();
      const key = this.key();
      const value = this.node();
      node.end = value.end;
      if (isMerge) {
        this.merged(value).forEach((entry) => byName.set(entry.name, entry));
        continue;
      }
      const entry = this.entry(key, value);
      if (byName.has(entry.name)) {
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

  /** A key that no `?` announces stands on one line, and its colon within 1,024 characters. */
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
      throw this.mistake('a colon needs a space behind it', end, end + 1);
    }
    const isLong = !this.isJson && end - start > MAX_KEY;
    const newline = this.source.mended.text.indexOf('\n', start);
    if ((isLong || (newline >= 0 && newline < end)) && !this.isAnnounced(start)) {
      throw this.mistake(isLong ? `a key of more than ${MAX_KEY} characters` : 'a key of more than one line', start, end);
    }
    return key;
  }

  /** Whether a `?` stands before a key. */
  private isAnnounced(start: number): boolean {
    const before = this.slice(Math.max(0, start - MAX_KEY), start).replace(/(?:["'\s]|[!&]\S*\s|[|>].*\n)*$/, '');
    return before.endsWith('?');
  }

  private entry(key: Node, value: Node): Entry {
    const name = key.is === 'scalar' ? keyText(key) : undefined;
    if (name === undefined) {
      throw this.mistake('a key is a text, a number or a boolean', key.start, key.end);
    }
    return { name, key, value };
  }

  /** Whether the next key is the plain `<<`. */
  private isMerge(): boolean {
    const event = this.next();
    return (
      event.type === EVENT_ID.SCALAR &&
      event.valueEnd - event.valueStart === 2 &&
      event.style === SCALAR_STYLE.PLAIN &&
      this.slice(event.valueStart, event.valueEnd) === '<<'
    );
  }

  /** The entries that `<<` brings in: of several mappings the first wins, and strict reading minds that they share a key. */
  private merged(value: Node): readonly Entry[] {
    const mappings = value.is === 'sequence' ? [...value.items].reverse() : [value];
    const entries = mappings.flatMap((mapping) => {
      if (mapping.is !== 'mapping') {
        throw this.mistake('`<<` takes a mapping, or a list of mappings', mapping.start, mapping.end);
      }
      return mapping.entries;
    });
    const names = new Set<string>();
    for (const entry of entries) {
      if (names.has(entry.name)) {
        this.reportDuplicate(entry);
      }
      names.add(entry.name);
    }
    return entries;
  }

  private reportDuplicate({ name, key }: Entry): void {
    this.problems.push({ is: 'duplicate-key', message: `the key \`${name}\` stands twice`, start: key.start, end: key.end });
  }
}
