/** What an attacker may do to a text. */

/** Mutates a text a few times. `others` are texts that parts are taken from. */
export function mutated(text, others, random) {
  let result = text;
  for (let i = 1 + random.below(5); i > 0; i--) {
    result = random.pick(MUTATIONS)(result, random, others).slice(0, MOST);
  }
  return result;
}

/** In characters. Larger texts are the matter of bench/growth.mjs. */
const MOST = 60_000;

/** Pieces that mean something to YAML, to JSON, to a template, to a terminal, or to the program that reads a log. */
const PIECES = [
  ...['\t', '{', '}', '[', ']', '[]', '{}', '- ', '? ', ': ', ':', ', ', '"', "'", '|\n', '>-\n', '|2\n', '\n', '\n\n', '%', '%YAML 1.2\n'],
  ...[
    '---\n',
    '--- ',
    '...\n',
    '\n---\n',
    '#',
    ' # ',
    '&a ',
    '*a',
    '&a [*a]',
    '<<: *a\n',
    '<<: [*a, *a]\n',
    '!!str ',
    '!!binary ',
    '!foo,',
  ],
  ...[
    '!<tag:yaml.org,2002:int> ',
    '~',
    'null',
    'true',
    '.inf',
    '.nan',
    '1e999',
    '-0',
    '0o17',
    '0x10',
    '9'.repeat(400),
    '1_000',
    '2026-01-01',
  ],
  ...[
    '\\u0000',
    '\\ud800',
    '\\x1b',
    '\\',
    '\\/',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u001b]8;;http://a\u0007',
    '\u007f',
    '\u0085',
    '\u009b',
  ],
  ...[
    '\u200b',
    '\u202e',
    '\u2028',
    '\u2066',
    '\ufeff',
    '\ufffd',
    '\ufffe',
    '\ud800',
    '\udc00',
    '😀',
    'é',
    '\r',
    '\r\n',
    '\u00a0',
    '\u3000',
  ],
  ...[
    '::error::x',
    '\n::error::x\n',
    '::add-mask::x',
    '##[error]x',
    '##vso[task.setvariable]x',
    '##teamcity[x]',
    '`',
    '``',
    '](',
    '<b>',
    '&lt;',
  ],
  ...[
    '<![CDATA[',
    ']]>',
    '-->',
    '|',
    '@everyone',
    'https://a.example',
    '#1',
    '$(a)',
    '%0A',
    '%s',
    '${',
    '${A}',
    '{{',
    '{{ a }}',
    '{% a %}',
  ],
  ...['__proto__: ', 'constructor: ', 'toString', '"__proto__"', 'hasOwnProperty: 1\n', 'length: 1\n', 'kind: CiliumNetworkPolicy\n'],
  ...[
    'kind: List\nitems:\n- ',
    '"items":[',
    'items: []\n',
    'apiVersion: cilium.io/v2\n',
    'metadata: {}\n',
    'spec: null\n',
    'specs: [null]\n',
  ],
  ...['# cilium-check: allow CIL202 -- x\n', '# cilium-check: allow\n', '# cilium-check: allow CIL909 -- ::error::\n', 'cilium-check:'],
  ...['cdk8s-cilium/allow: "CIL202: x; CIL201"\n', 'ingress: []\n', 'egress: [{}]\n', 'ingressDeny: [{fromEntities: [World]}]\n'],
  ...['endpointSelector: {}\n', 'nodeSelector: {}\n', 'toPorts: [{ports: [{port: 80}]}]\n', 'fromCIDR: [10.0.0.1, "::1/129"]\n'],
  ...['toFQDNs: [{matchPattern: "**.a"}]\n', 'matchLabels: {a: b}\n', 'matchExpressions: [{key: a, operator: In}]\n', 'port: "0443"\n'],
];

const MUTATIONS = [
  // Deletes characters.
  (text, random) => cut(text, random, 1 + random.below(40), () => ''),
  (text, random) => cut(text, random, 1, () => ''),
  // Inserts pieces.
  (text, random) => cut(text, random, 0, () => random.pick(PIECES)),
  (text, random) => cut(text, random, 0, () => random.pick(PIECES)),
  (text, random) => cut(text, random, 0, () => `${random.pick(PIECES)}${random.pick(PIECES)}${random.pick(PIECES)}`),
  // Replaces a word, or what is behind a colon.
  (text, random) => replaced(text, random, /[\w./-]+/g, () => random.pick(PIECES)),
  (text, random) => replaced(text, random, /(?<=: ).*/g, () => random.pick(PIECES)),
  (text, random) => replaced(text, random, /[\w./-]+/g, () => JSON.stringify(random.pick(PIECES) + random.pick(PIECES))),
  (text, random) => replaced(text, random, /[\w./-]+/g, (word) => `"${word}${random.pick(PIECES)}"`),
  // Repeats a part.
  (text, random) => cut(text, random, 1 + random.below(60), (part) => part + part),
  (text, random) => cut(text, random, 1 + random.below(8), (part) => part.repeat(1 + random.below(300))),
  (text, random) => cut(text, random, 0, () => random.pick(PIECES).repeat(1 + random.below(200))),
  (text, random) => cut(text, random, 0, () => `${'['.repeat(random.below(120))}${']'.repeat(random.below(120))}`),
  (text, random) => cut(text, random, 0, () => `${'{a: '.repeat(random.below(120))}1${'}'.repeat(random.below(120))}`),
  // Lines: deletes, repeats, swaps, indents, quotes as a comment.
  (text, random) => lines(text, random, () => []),
  (text, random) => lines(text, random, (line) => [line, line]),
  (text, random) => lines(text, random, (line) => [`${' '.repeat(1 + random.below(4))}${line}`]),
  (text, random) => lines(text, random, (line) => [line.trimStart()]),
  (text, random) => lines(text, random, (line, all) => [random.pick(all), line]),
  (text, random) => lines(text, random, (line) => [`${line} # cilium-check: allow CIL20${random.below(10)} -- x`]),
  (text, random) => lines(text, random, (line) => [`${/^ */.exec(line)[0]}# cilium-check: allow CIL20${random.below(10)} -- x`, line]),
  (text, random) => lines(text, random, (line) => [line.replace(/: /, ': &a '), line.replace(/: .*/, ': *a')]),
  // Swaps two parts.
  (text, random) => {
    const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)].sort((x, y) => x - y);
    const length = Math.min(b - a, 1 + random.below(30));
    return text.slice(0, a) + text.slice(b, b + length) + text.slice(a + length, b) + text.slice(a, a + length) + text.slice(b + length);
  },
  // Joins two texts.
  (text, random, others) => {
    const other = random.pick(others);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  (text, random, others) => `${text}\n---\n${random.pick(others)}`,
  (text, random, others) => cut(text, random, 0, () => random.pick(others).slice(0, 200)),
  // Other line breaks, and a mark at the beginning.
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text) => text.replace(/^/gm, '  '),
  (text) => `- ${text.replaceAll('\n', '\n  ')}`,
];

function cut(text, random, length, replace) {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + replace(text.slice(at, at + length)) + text.slice(at + length);
}

function replaced(text, random, pattern, replace) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) {
    return text;
  }
  const { 0: word, index } = random.pick(found);
  return text.slice(0, index) + replace(word) + text.slice(index + word.length);
}

function lines(text, random, replace) {
  const all = text.split('\n');
  const at = random.below(all.length);
  return [...all.slice(0, at), ...replace(all[at], all), ...all.slice(at + 1)].join('\n');
}
