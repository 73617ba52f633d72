/** The text with long quotations cut: a message names what is wrong, and a megabyte of it helps nobody. Also for names, paths and reasons. */
export function shortened(message: string): string {
  return message.length <= LONGEST ? message : cut(message);
}

function cut(message: string): string {
  const parts = message.split('`').map((part) => (part.length <= LONGEST ? part : `${clean(part.slice(0, LONGEST))}…`));
  const text = parts.slice(0, MOST_PARTS).join('`');
  return parts.length <= MOST_PARTS ? text : `${text}…`;
}

/** The text without half of a surrogate pair at its end. */
function clean(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

/** In characters, of a quotation. */
export const LONGEST = 500;

/** Between backticks. A text of the user may have backticks too. */
export const MOST_PARTS = 40;
