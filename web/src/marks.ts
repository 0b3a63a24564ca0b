// A text and the ranges to mark in, the text in marked and unmarked pieces out.
import { h } from './dom';

/** Half-open range in UTF-16 units, as JavaScript counts. */
export interface Range {
  start: number;
  end: number;
  /** Class of the mark, where marks differ. */
  mark?: string | undefined;
}

export interface Piece {
  text: string;
  marked: boolean;
  mark?: string | undefined;
}

/** A range counted in Unicode code points, as the contract counts, in UTF-16 units. Beyond the end means the end. */
export function fromCodePoints(text: string, range: Range): Range {
  let units = 0;
  let points = 0;
  let start = text.length;
  let end = text.length;
  for (const character of text) {
    if (points === range.start) start = units;
    if (points === range.end) {
      end = units;
      break;
    }
    units += character.length;
    points += 1;
  }
  return { ...range, start, end: Math.max(start, end) };
}

/** How many characters a reader would count, near enough: code points, as the server's limit does. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Where the words of a quote stand in a text, whatever white space is between them; nothing if they do not. */
export function locate(text: string, quote: string): Range | undefined {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+');
  const match = new RegExp(pattern, 'u').exec(text);
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
}

/** The text cut at the ranges, in order. Ranges that overlap are marked as one. */
export function pieces(text: string, ranges: Range[]): Piece[] {
  const result: Piece[] = [];
  const add = (start: number, end: number, marked: boolean, mark?: string) => {
    if (end > start) result.push({ text: text.slice(start, end), marked, mark });
  };
  let at = 0;
  for (const { start, end, mark } of [...ranges].sort((a, b) => a.start - b.start)) {
    add(at, Math.max(at, start), false);
    add(Math.max(at, start), end, true, mark);
    at = Math.max(at, end);
  }
  add(at, text.length, false);
  return result;
}

/** The text as nodes, with the ranges inside mark elements. */
export function markedNodes(text: string, ranges: Range[], className?: string): Node[] {
  return pieces(text, ranges).map((piece) =>
    piece.marked
      ? h('mark', { class: [className, piece.mark].filter(Boolean).join(' ') || undefined }, piece.text)
      : document.createTextNode(piece.text),
  );
}
