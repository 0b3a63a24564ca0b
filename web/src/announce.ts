// Whole sentences in; a screen reader says them when it is free. The page has this one live region.
import { byId, h } from './dom';

/** How many sentences the region keeps, so that a reader that re-reads it does not start from the morning. */
const KEPT = 20;

export function announce(sentence: string): void {
  const region = byId('live', HTMLElement);
  region.append(h('p', {}, sentence));
  while (region.childElementCount > KEPT) region.firstElementChild?.remove();
}
