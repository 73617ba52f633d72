/** Lines of texts that verdicts refer to. */
import { Origin, Place, placeOf } from '../../model/origin';
import { pointer } from '../../model/path';

/** `web.yaml:9`, and the path if the line has more than one part, for example `web.json:1 /spec/ingress/0`; `undefined` if there is no text. */
export function lineOf(origin: Origin): string | undefined {
  const place = placeOf(origin);
  if (place === undefined) {
    return undefined;
  }
  const { name, text = '' } = origin.document.source;
  return `${name}:${place.line}${isAlone(place, text) || origin.path.length === 0 ? '' : ` ${pointer(origin.path)}`}`;
}

/** Whether the line shows which part is meant: only the dash of a list item, its own key or an opening bracket is in front of it. */
function isAlone({ offset, column }: Place, text: string): boolean {
  return /^(?:[\s-]*[{[]?|[^{}[\],:]*:)$/.test(text.slice(offset - (column - 1), offset).trimEnd());
}
