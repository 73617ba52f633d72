/** How a finding can be mended: a change of the text at its place, never a re-printed document. */

export interface Fix {
  /** `safe` leaves no doubt about what was meant; `unsafe` is a guess that a person should look at. */
  readonly safety: 'safe' | 'unsafe';
  /** What it does, such as ``write `"80"` ``. */
  readonly title: string;
  /** A new text for the value or the key at the place; quotes around what stands there; or the removal of the item. */
  readonly change: { readonly is: 'value' | 'key'; readonly text: string } | { readonly is: 'quotes' } | { readonly is: 'removal' };
}

/** What is written becomes a text: `yes` is `"yes"` then, and not `"true"`. */
export function quote(): Fix {
  return { safety: 'safe', title: 'write it in quotes', change: { is: 'quotes' } };
}

export function writeValue(text: string, safety: Fix['safety'] = 'safe'): Fix {
  return { safety, title: `write \`${text}\``, change: { is: 'value', text } };
}

export function renameKey(text: string, safety: Fix['safety'] = 'safe'): Fix {
  return { safety, title: `write \`${text}\``, change: { is: 'key', text } };
}

export function removeItem(): Fix {
  return { safety: 'safe', title: 'remove it', change: { is: 'removal' } };
}
