/**
 * Counts the instructions that remain of a program once RE2 has removed those that do nothing.
 *
 * RE2 cuts the program into trees of forks. A tree begins where a search or a match begins, after an instruction that does something, and at a
 * fork that is reached from two trees. Each tree becomes a list of its leaves; where it reaches another tree, the list has an instruction that
 * leads there. Source: re2 `re2/prog.cc`, Optimize and Flatten.
 */
import type { Compiled } from './compile';
import { GivenUp } from './given-up';
import type { Instruction } from './program';

/** The number of instructions, with the one that fails. */
export function flattenedSize({ program: { instructions }, start, search }: Compiled): number {
  withoutNops(instructions, start);
  markMatchAll(instructions, start);
  const roots = rootsAfterInstructions(instructions, start, search);
  const effort = { steps: 0 };
  const forksBefore = predecessors(instructions, search);
  for (const root of [...roots].sort((a, b) => b - a)) {
    if (root !== 0 && root !== start && root !== search) {
      addRootsBelow(root, roots, forksBefore, instructions, effort);
    }
  }
  let size = 0;
  for (const root of roots) {
    size += listLength(root, roots, instructions, effort);
  }
  return size;
}

/** The instructions that can be reached, depth first. */
function reached(instructions: readonly Instruction[], from: number): ReadonlySet<number> {
  const found = new Set<number>();
  const stack = [from];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (found.has(id)) {
      continue;
    }
    found.add(id);
    const { operation, out, other } = instructions[id];
    if (isFork(operation)) {
      stack.push(other);
    }
    if (operation !== 'fail' && operation !== 'match') {
      stack.push(out);
    }
  }
  return found;
}

function isFork(operation: Instruction['operation']): boolean {
  return operation === 'fork' || operation === 'match-all';
}

function withoutNops(instructions: readonly Instruction[], start: number): void {
  const beyond = (id: number): number => {
    let next = id;
    while (instructions[next].operation === 'nop' && next !== 0) {
      next = instructions[next].out;
    }
    return next;
  };
  for (const id of reached(instructions, start)) {
    instructions[id].out = beyond(instructions[id].out);
    instructions[id].other = isFork(instructions[id].operation) ? beyond(instructions[id].other) : 0;
  }
}

/** A loop over any bytes before a match has one instruction more. */
function markMatchAll(instructions: readonly Instruction[], start: number): void {
  const isLoop = (id: number, fork: number) => {
    const { operation, low, high, out } = instructions[id];
    return operation === 'bytes' && low === 0x00 && high === 0xff && out === fork;
  };
  for (const id of reached(instructions, start)) {
    const { operation, out, other } = instructions[id];
    const matches = (isLoop(out, id) && leadsToMatch(instructions, other)) || (leadsToMatch(instructions, out) && isLoop(other, id));
    if (operation === 'fork' && matches) {
      instructions[id].operation = 'match-all';
    }
  }
}

function leadsToMatch(instructions: readonly Instruction[], id: number): boolean {
  let next = id;
  while (instructions[next].operation === 'mark' || instructions[next].operation === 'nop') {
    next = instructions[next].out;
  }
  return instructions[next].operation === 'match';
}

function rootsAfterInstructions(instructions: readonly Instruction[], start: number, search: number): Set<number> {
  const roots = new Set([0, search, start]);
  for (const id of reached(instructions, search)) {
    const { operation, out } = instructions[id];
    if (operation === 'bytes' || operation === 'mark' || operation === 'place') {
      roots.add(out);
    }
  }
  return roots;
}

/** Of each instruction, the forks that lead to it. */
function predecessors(instructions: readonly Instruction[], search: number): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const id of reached(instructions, search)) {
    const { operation, out, other } = instructions[id];
    for (const next of isFork(operation) ? [out, other] : []) {
      const before = found.get(next) ?? [];
      before.push(id);
      found.set(next, before);
    }
  }
  return found;
}

/** Calls back for each instruction of the tree of a root, and for the roots of the trees that it reaches. */
function visitTree(
  root: number,
  roots: ReadonlySet<number>,
  instructions: readonly Instruction[],
  effort: { steps: number },
  visit?: (id: number, isOtherTree: boolean) => void,
): ReadonlySet<number> {
  const found = new Set<number>();
  const stack = [root];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (found.has(id)) {
      continue;
    }
    found.add(id);
    effort.steps++;
    if (effort.steps > MAX_STEPS_OF_TREES) {
      throw new GivenUp({ is: 'may-exceed' });
    }
    const isOtherTree = id !== root && roots.has(id);
    visit?.(id, isOtherTree);
    const { operation, out, other } = instructions[id];
    if (!isOtherTree && isFork(operation)) {
      stack.push(other, out);
    } else if (!isOtherTree && operation === 'nop') {
      stack.push(out);
    }
  }
  return found;
}

/** The maximum number of instructions that are visited, tree by tree. */
export const MAX_STEPS_OF_TREES = 2_000_000;

/** What a tree reaches, and another tree reaches too, begins a tree of its own. */
function addRootsBelow(
  root: number,
  roots: Set<number>,
  forksBefore: ReadonlyMap<number, readonly number[]>,
  instructions: readonly Instruction[],
  effort: { steps: number },
): void {
  const tree = visitTree(root, roots, instructions, effort);
  for (const id of tree) {
    if ((forksBefore.get(id) ?? []).some((fork) => !tree.has(fork))) {
      roots.add(id);
    }
  }
}

function listLength(root: number, roots: ReadonlySet<number>, instructions: readonly Instruction[], effort: { steps: number }): number {
  let length = 0;
  visitTree(root, roots, instructions, effort, (id, isOtherTree) => {
    const { operation } = instructions[id];
    length += isOtherTree || (operation !== 'fork' && operation !== 'nop') ? 1 : 0;
  });
  return length;
}
