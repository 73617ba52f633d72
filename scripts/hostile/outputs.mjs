/** What every output promises, whatever the input was. Each function returns what is wrong, or `undefined`. */

/** No control, format or invisible character but a line break, and no command of a program that reads logs. */
export function unsafeText(text, { mayCommand = false } = {}) {
  const control = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u.exec(text);
  if (control !== null) {
    return `has the character U+${control[0].codePointAt(0).toString(16)} at ${control.index}`;
  }
  if (/##\w*\[/.test(text)) {
    return 'has a command in `##[…]`';
  }
  const command = /^\s*::.*/m.exec(text);
  return command !== null && !mayCommand ? `has a line that begins with \`::\`: ${command[0].slice(0, 100)}` : undefined;
}

export function unsafeReport(format, text, findings) {
  const unsafe = unsafeText(text, { mayCommand: format === 'github' });
  if (unsafe !== undefined) {
    return unsafe;
  }
  switch (format) {
    case 'json':
    case 'sarif':
      return unparsable(text);
    case 'junit':
      return malformedXml(text);
    case 'github':
      return wrongCommands(text, findings);
    default:
      return undefined;
  }
}

export function unparsable(text) {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `is not JSON: ${error.message}`;
  }
}

/** One command for each finding, and no other line begins like one. */
function wrongCommands(text, findings) {
  const commands = text.split('\n').filter((line) => /^\s*::/.test(line));
  const wrong = commands.find(
    (line) =>
      !/^::(?:error|warning|notice) (?:file=[^:,]*,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,|file=[^:,]*,)?title=CIL\d{3} [a-z0-9-]+::/.test(
        line,
      ),
  );
  if (wrong !== undefined) {
    return `has another command: ${wrong.slice(0, 200)}`;
  }
  return commands.length === findings ? undefined : `has ${commands.length} commands for ${findings} findings`;
}

/** Whether the elements are balanced, and attributes and texts have no bare `<`, `>` or `&`. */
function malformedXml(text) {
  const open = [];
  const body = text.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  let end = 0;
  for (const { 0: tag, 1: closing, 2: name, 3: selfClosing, index } of body.matchAll(/<(\/?)([a-z-]+)(?: [a-z]+="[^"<>]*")*(\/?)>/g)) {
    const between = body.slice(end, index);
    end = index + tag.length;
    if (/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(between) || /&(?!(?:amp|lt|gt|quot);)/.test(tag)) {
      return `has a bare character before offset ${index}`;
    }
    if (closing === '/' && open.pop() !== name) {
      return `closes \`${name}\`, which is not open, at ${index}`;
    }
    if (closing === '' && selfClosing === '') {
      open.push(name);
    }
  }
  return open.length === 0 && body.slice(end).trim() === '' && end > 0 ? undefined : 'is not well-formed XML';
}
