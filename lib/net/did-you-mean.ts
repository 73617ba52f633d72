/**
 * The word of `words` that was most likely meant, or `undefined` if no word is close.
 *
 * A word is close if its edit distance is at most 1 or a third of its length, ignoring case. Among equally close words the first wins.
 */
export function closest(text: string, words: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const most = Math.max(1, word.length / 3);
    // Texts are at least as far apart as their lengths.
    const distance = Math.abs(text.length - word.length) > most ? Infinity : editDistance(text.toLowerCase(), word.toLowerCase());
    if (distance <= most && (best === undefined || distance < best.distance)) {
      best = { word, distance };
    }
  }
  return best?.word;
}

/** Whether two words are equal but for the case and one slip: a character too many, too few, or in the wrong place. */
export function isSlip(a: string, b: string): boolean {
  return editDistance(a.toLowerCase(), b.toLowerCase()) <= 1;
}

/** How many characters must be inserted, removed, replaced or swapped with their neighbour to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > b.length) {
    return Infinity;
  }
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(replaced, swapped, rows[i - 1][j] + 1, rows[i][j - 1] + 1));
    }
  }
  return rows[a.length][b.length];
}
