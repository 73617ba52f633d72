// The mutants of a file, and its text with a switch for each of them.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const SWAPS = {
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  some: 'every',
  every: 'some',
  "'1.19'": "'1.20'",
  "'1.20'": "'1.19'",
  true: 'false',
  false: 'true',
  '!': '',
};

/** All mutants of a file. Each changes one token. */
export function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const found = [];
  const visit = (node) => {
    const token = tokenOf(node);
    if (token !== undefined) {
      const line = text.slice(text.lastIndexOf('\n', token.start) + 1, text.indexOf('\n', token.start)).trim();
      const same = found.filter((one) => one.line === line && one.word === token.word).length;
      const name = `${file}: ${line} [${token.word} →${token.to && ` ${token.to}`}${same === 0 ? '' : `, ${same + 1}`}]`;
      found.push({ ...token, name, line, file, text });
    }
    if (isCode(node)) {
      ts.forEachChild(node, visit);
    }
  };
  visit(parsed(file, text));
  return found;
}

/** The text of a file in which `switches.cjs` says for each mutant, by its `id`, whether it is on. */
export function withSwitches(mutants) {
  const [{ file, text }] = mutants;
  const ids = new Map(mutants.map(({ start, id }) => [start, id]));
  const written = (node) => {
    const token = tokenOf(node);
    const id = token && ids.get(token.start);
    if (id === undefined) {
      return plain(node);
    }
    const value = `mutation.value(${id}, ${quoted(token.word)}, ${quoted(token.to)})`;
    if (ts.isPropertyAccessExpression(node)) {
      return `${written(node.expression)}${node.questionDotToken ? '?.' : ''}[${value}]`;
    }
    if (ts.isPrefixUnaryExpression(node)) {
      return ` mutation.not(${id}, ${written(node.operand)})`;
    }
    if (!ts.isBinaryExpression(node)) {
      return ts.isPropertyAssignment(node.parent) && node.parent.name === node ? `[${value}]` : ` ${value}`;
    }
    const [left, right] = [written(node.left), written(node.right)];
    return token.word === '&&' || token.word === '||'
      ? ` mutation.either(${id}, ${token.word === '&&'}, () => (${left}), () => (${right}))`
      : ` mutation.operation(${id}, '${token.word}', '${token.to}', ${left}, ${right})`;
  };
  /** The text of a node, with what is written for its children. */
  const plain = (node) => {
    let [all, at] = ['', node.pos];
    ts.forEachChild(node, (child) => {
      all += text.slice(at, child.pos) + (isCode(child) ? written(child) : child.getFullText());
      at = child.end;
    });
    return all + text.slice(at, node.end);
  };
  return plain(parsed(file, text));
}

/** The token of a node that is changed. */
function tokenOf(node) {
  const [start, end] = placeOf(node);
  const word = node.getSourceFile().text.slice(start, end);
  return isCode(node) && Object.hasOwn(SWAPS, word) ? { word, to: SWAPS[word], start, end } : undefined;
}

function placeOf(node) {
  if (ts.isBinaryExpression(node)) {
    return [node.operatorToken.getStart(), node.operatorToken.end];
  }
  if (ts.isPropertyAccessExpression(node)) {
    return [node.name.getStart(), node.name.end];
  }
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.ExclamationToken ? [node.getStart(), node.getStart() + 1] : [0, 0];
  }
  const isValue = ts.isStringLiteral(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
  return isValue ? [node.getStart(), node.end] : [0, 0];
}

function isCode(node) {
  return !ts.isTypeNode(node) && !ts.isImportDeclaration(node) && !ts.isInterfaceDeclaration(node);
}

/** A name becomes the text of a string, everything else is one or a keyword. */
function quoted(word) {
  return /^(some|every)$/.test(word) ? `'${word}'` : word;
}

function parsed(file, text) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}
