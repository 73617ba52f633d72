/** How a finding can be fixed: a change of the text at its place. The document is never printed again. */

export interface Fix {
  /** `safe`: there is no doubt about what was meant. `unsafe`: a guess that the user should review. */
  readonly safety: 'safe' | 'unsafe';
  /** What the fix does, for example ``write `"80"` ``. */
  readonly title: string;
  /** New text for the value or the key; quotes around the value as written; or the removal of the item. */
  readonly change: { readonly is: 'value' | 'key'; readonly text: string } | { readonly is: 'quotes' } | { readonly is: 'removal' };
}

/** Puts the value as written in quotes: `yes` becomes `"yes"`, not `"true"`. */
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
