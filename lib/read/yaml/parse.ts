/**
 * One YAML document as a tree with places, read as the Kubernetes tools read it.
 *
 * The events are js-yaml's; what they mean is that of `sigs.k8s.io/yaml`: see `scalar.ts`.
 */
import { COLLECTION_STYLE, Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { keyText } from './key';
import type { Entry, MappingNode, Node, ScalarNode, SequenceNode } from './node';
import { resolvePlain } from './scalar';
import { Problem, readEvents, Source } from './source';
import { resolveTagged } from './tag';

/** A document: its tree if it has one, and all that is wrong with it. A duplicate key and text that is ignored leave a tree. */
export interface Parsed {
  readonly root?: Node;
  readonly problems: readonly Problem[];
}

export function parseYaml(text: string): Parsed {
  const source = readEvents(text);
  if ('is' in source) {
    return { problems: [source] };
  }
  const builder = new Builder(source);
  try {
    return { root: builder.document(), problems: [...source.problems, ...builder.problems] };
  } catch (error) {
    if (error instanceof Mistake) {
      return { problems: [...source.problems, ...builder.problems, error.problem] };
    }
    throw error;
  }
}

/** Ends the reading of a document. */
class Mistake extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

type EventOf<Id extends Event['type']> = Extract<Event, { type: Id }>;

/** Escapes that YAML 1.1 does not know, and halves of characters. */
const BAD_ESCAPE = /^(?:[^\\]|\\[^/uU])*?(\\\/|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?!0{2}(?:0|10)[0-9a-fA-F]{4,5}))/;

/** YAML 1.1 does not look further for the colon. */
const MAX_KEY = 1024;

class Builder {
  readonly problems: Problem[] = [];
  private readonly anchors = new Map<string, Node>();
  private at = 0;
  /** How many brackets the next node is in. */
  private flow = 0;

  constructor(private readonly source: Source) {}

  /** The root of the document; an empty text is null. */
  document(): Node {
    const { events } = this.source;
    if (/^[ ]*\t/m.test(this.source.text) && events.length < 3) {
      throw this.mistake('a tab where a space belongs', 0, 0);
    }
    if (events.length === 0 || events[1].type === EVENT_ID.POP) {
      return { is: 'scalar', value: null, text: '', start: 0, end: 0 };
    }
    const [document] = events as [EventOf<typeof EVENT_ID.DOCUMENT>];
    if (document.directives.some((directive) => directive.kind === 'yaml' && directive.version !== '1.1')) {
      throw this.mistake('the tools read YAML 1.1', 0, 0);
    }
    this.at = 1;
    const root = this.node();
    this.refuseNonFinite(root, new Set());
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
      default:
        throw new Error(`no node begins with the event ${event.type}`);
    }
  }

  private slice(start: number, end: number): string {
    return this.source.text.slice(start, end);
  }

  private mistake(message: string, start: number, end: number): Mistake {
    const { written } = this.source;
    return new Mistake({ is: 'syntax', message, start: written(start), end: written(end) });
  }

  private anchored<T extends Node>({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }, node: T): T {
    if (anchorStart >= 0) {
      this.anchors.set(this.slice(anchorStart, anchorEnd), node);
    }
    return node;
  }

  private alias({ anchorStart, anchorEnd }: EventOf<typeof EVENT_ID.ALIAS>): Node {
    const name = this.slice(anchorStart, anchorEnd);
    const node = this.anchors.get(name);
    if (node === undefined) {
      throw this.mistake(`no anchor \`&${name}\` stands before \`*${name}\``, anchorStart, anchorEnd);
    }
    return node;
  }

  private scalar(event: EventOf<typeof EVENT_ID.SCALAR>): ScalarNode {
    const { valueStart: start, valueEnd: end, tagStart, tagEnd, style } = event;
    if (style === SCALAR_STYLE.DOUBLE_QUOTED && BAD_ESCAPE.test(this.slice(start, end))) {
      throw this.mistake('an escape that YAML 1.1 does not know', start, end);
    }
    this.refuseTab(Math.max(0, ...[tagStart, event.anchorStart].filter((at) => at >= 0), start));
    const text = this.textOf(event);
    if (style === SCALAR_STYLE.PLAIN && this.flow > 0 && text.startsWith(':')) {
      throw this.mistake('in brackets, a text that begins with `:` needs quotes', start, end);
    }
    const plain = style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
    if (tagStart >= 0 && /[,\]}]/.test(this.slice(tagEnd, tagEnd + 1))) {
      throw this.mistake('a tag needs a space behind it', tagStart, tagEnd);
    }
    const value = tagStart < 0 ? plain : resolveTagged(this.slice(tagStart, tagEnd), text);
    if (typeof value === 'object' && value !== null) {
      throw this.mistake(value.problem, start, end);
    }
    const { written } = this.source;
    return { is: 'scalar', value, text, start: written(start), end: written(end) };
  }

  /** YAML 1.1 takes no tab for the space between an indicator, or the beginning of a line, and what it begins. */
  private refuseTab(start: number): void {
    const { text } = this.source;
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (this.flow === 0 && /^(?:.*[-?])?[ ]*\t[ \t]*$/.test(line)) {
      throw this.mistake('a tab where a space belongs', start - 1, start);
    }
  }

  private textOf(event: EventOf<typeof EVENT_ID.SCALAR>): string {
    const { text: whole } = this.source;
    // Where a block is the whole document, the number in its head counts from the margin.
    const isRoot = this.at === 2 && /[|>][-+]?[1-9][-+]?[ \t]*(?:#.*)?\n$/.test(whole.slice(0, event.valueStart));
    const text = getScalarValue(whole, isRoot ? { ...event, indent: event.indent + 1 } : event);
    if (event.style === SCALAR_STYLE.PLAIN) {
      return text.replace(/^[ \t]+|[ \t]+$/g, '');
    }
    // A block that ends with the text, without a line break, has none.
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const isLast = isBlock && event.valueEnd === this.source.text.length && !this.source.text.endsWith('\n');
    return isLast ? text.replace(/\n$/, '') : text;
  }

  private sequence(event: EventOf<typeof EVENT_ID.SEQUENCE>): SequenceNode {
    const start = this.source.written(event.start);
    const items: Node[] = [];
    const node = this.anchored(event, { is: 'sequence' as const, items, start, end: start });
    const inBrackets = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
    this.flow += inBrackets;
    while (this.next().type !== EVENT_ID.POP) {
      items.push(this.node());
    }
    this.at += 1;
    this.flow -= inBrackets;
    return Object.assign(node, { end: items.at(-1)?.end ?? start });
  }

  private mapping(event: EventOf<typeof EVENT_ID.MAPPING>): MappingNode {
    const start = this.source.written(event.start);
    const entries = new Map<string, Entry>();
    const node = this.anchored(event, { is: 'mapping' as const, entries: [] as readonly Entry[], start, end: start });
    let end = start;
    const inBrackets = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
    this.flow += inBrackets;
    while (this.next().type !== EVENT_ID.POP) {
      const isMerge = this.isMerge();
      const key = this.node();
      const value = this.node();
      end = value.end;
      for (const entry of isMerge ? this.merged(value) : [this.entry(key, value)]) {
        if (!isMerge && entries.has(entry.name)) {
          this.problems.push({ is: 'duplicate-key', message: `the key \`${entry.name}\` stands twice`, start: key.start, end: key.end });
        }
        entries.set(entry.name, entry);
      }
    }
    this.at += 1;
    this.flow -= inBrackets;
    return Object.assign(node, { entries: [...entries.values()], end });
  }

  private entry(key: Node, value: Node): Entry {
    const name = key.is === 'scalar' ? keyText(key) : undefined;
    if (key.end - key.start > MAX_KEY) {
      throw this.mistake(`a key of more than ${MAX_KEY} characters`, key.start, key.end);
    }
    if (name === undefined) {
      throw this.mistake('a key is a text, a number or a boolean', key.start, key.end);
    }
    return { name, key, value };
  }

  /** Whether the next key is the plain `<<`. */
  private isMerge(): boolean {
    const event = this.next();
    return event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && this.slice(event.valueStart, event.valueEnd) === '<<';
  }

  /** The entries that `<<` brings in: of several mappings the first wins. */
  private merged(value: Node): readonly Entry[] {
    const mappings = value.is === 'sequence' ? [...value.items].reverse() : [value];
    return mappings.flatMap((mapping) => {
      if (mapping.is !== 'mapping') {
        throw this.mistake('`<<` takes a mapping, or a list of mappings', mapping.start, mapping.end);
      }
      return mapping.entries;
    });
  }
}
