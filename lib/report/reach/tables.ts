/** What passes, as tables and graphs: CSV, Markdown, Graphviz and Mermaid. */
import { printable } from '../../net/printable';
import { shortened } from '../../net/shortened';
import { EndView, endsText } from './ends';
import { trafficText } from './traffic';
import type { ReachView } from './view';

/** RFC 4180, one line for each pair of ends. */
export function reachCsv({ ends, connections, protocols }: ReachView): string {
  const rows = connections.flatMap(({ from, to, traffic }) =>
    from.flatMap((source) => to.map((destination) => [ends[source].name, ends[destination].name, trafficText(traffic, protocols)])),
  );
  return [['from', 'to', 'traffic'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** A field of a spreadsheet must not become a formula. */
function csvField(text: string): string {
  const safe = printable(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function reachMarkdown(view: ReachView): string {
  const rows = rowsOf(view).map((row) => `| ${row.map(markdownCell).join(' | ')} |`);
  return ['| from | to | traffic |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function markdownCell(text: string): string {
  return shortened(printable(text)).replace(/[\\`*_[\]<>|#&~@$!:]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function reachDot(view: ReachView): string {
  const { nodes, edges } = graphOf(view);
  const lines = [
    ...nodes.map(({ id, label }) => `  ${id} [label=${dotText(label)}];`),
    ...edges.map(({ from, to, label }) => `  ${from} -> ${to} [label=${dotText(label)}];`),
  ];
  return ['digraph reach {', '  rankdir=LR;', '  node [shape=box];', ...lines, '}', ''].join('\n');
}

function dotText(text: string): string {
  return `"${shortened(printable(text)).replace(/[\\"]/g, '\\$&')}"`;
}

export function reachMermaid(view: ReachView): string {
  const { nodes, edges } = graphOf(view);
  const lines = [
    ...nodes.map(({ id, label }) => `  ${id}["${mermaidText(label)}"]`),
    ...edges.map(({ from, to, label }) => `  ${from} -->|"${mermaidText(label)}"| ${to}`),
  ];
  return ['flowchart LR', ...lines, ''].join('\n');
}

function mermaidText(text: string): string {
  return shortened(printable(text)).replace(/[^\w ./,–-]/g, (character) => `#${character.codePointAt(0)};`);
}

interface Graph {
  readonly nodes: readonly { readonly id: string; readonly label: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

/** Ends that stand together everywhere are one node. */
function graphOf({ ends, connections, protocols }: ReachView): Graph {
  const ids = new Map<string, string>();
  const idOf = (numbers: readonly number[]) => {
    const key = numbers.join();
    const id = ids.get(key) ?? `n${ids.size}`;
    ids.set(key, id);
    return id;
  };
  const edges = connections.map(({ from, to, traffic }) => ({ from: idOf(from), to: idOf(to), label: trafficText(traffic, protocols) }));
  const nodes = [...ids].map(([key, id]) => ({ id, label: endsText(numbersIn(key, ends), MOST_NAMED) }));
  return { nodes, edges };
}

function numbersIn(key: string, ends: readonly EndView[]): readonly EndView[] {
  return key.split(',').map((number) => ends[Number(number)]);
}

function rowsOf({ ends, connections, protocols }: ReachView): readonly (readonly string[])[] {
  const named = (numbers: readonly number[]) =>
    endsText(
      numbers.map((number) => ends[number]),
      MOST_NAMED,
    );
  return connections.map(({ from, to, traffic }) => [named(from), named(to), trafficText(traffic, protocols)]);
}

const MOST_NAMED = 8;
