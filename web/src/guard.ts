// What is being typed in; personal data marked in place and explained out. The server has the last word: this only warns earlier.
import { announce } from './announce';
import { guard } from './api';
import type { Finding } from './contract';
import { fromCodePoints, markedNodes, type Range } from './marks';
import { t, tOr } from './strings';

/** Long enough for a pause between words, short enough to warn before the question is sent. */
const PAUSE_MS = 350;
/** Beyond this the question is refused for its length anyway. */
const MAX_CHECKED = 10_000;

/** A description that says too much about one person: of no other type, and never certain. */
export function isDescription({ type, certain }: Finding): boolean {
  return type === 'other' && !certain;
}

/** "personnummer ”…”", or "möjligen namn ”…”" where the guard is not certain. */
export function describe(finding: Finding, text: string): string {
  const { start, end } = fromCodePoints(text, finding);
  if (isDescription(finding)) return t('guard.item', { type: t('guard.description'), text: text.slice(start, end) });
  const type = tOr(`finding.${finding.type}`, 'finding.other');
  return t('guard.item', {
    type: finding.certain ? type : t('guard.possible', { type }),
    text: text.slice(start, end),
  });
}

/** Where to mark, and how: what may be no person is marked more calmly. */
export function markOf(finding: Finding, text: string): Range {
  const { start, end } = fromCodePoints(text, finding);
  return { start, end, mark: finding.certain ? undefined : 'possible' };
}

/** Watches a text box. The marks lie in a copy of the text behind it, since a text box cannot mark its own words. */
export class GuardMarks {
  private text = '';
  private findings: Finding[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;

  constructor(
    private readonly box: HTMLTextAreaElement,
    private readonly backdrop: HTMLElement,
    private readonly note: HTMLElement,
  ) {
    box.addEventListener('input', () => this.typed());
    box.addEventListener('scroll', () => (backdrop.scrollTop = box.scrollTop));
  }

  /** To be called when the text was changed by the page and not by the keyboard. */
  typed(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    const before = this.text;
    this.text = this.box.value;
    // Marks on words that an edit left where they were stay, so that nothing flickers while typing.
    const stays = ({ start, end }: Range) => this.text.slice(start, end) === before.slice(start, end);
    this.findings = this.findings.filter((finding) => stays(fromCodePoints(before, finding)));
    this.paint();
    if (this.text.trim() === '') this.explain();
    else if (this.text.length <= MAX_CHECKED) this.timer = setTimeout(() => void this.check(), PAUSE_MS);
  }

  private async check(): Promise<void> {
    const text = this.text;
    const running = new AbortController();
    this.running = running;
    try {
      const { findings } = await guard(text, running.signal);
      if (text !== this.text) return;
      this.findings = findings;
      this.paint();
      this.explain();
    } catch {
      // No warning this time. The server checks every question before anything else reads it.
    }
  }

  private paint(): void {
    const ranges = this.findings.map((finding) => markOf(finding, this.text));
    // The closing line break gives the copy the same last line as the box.
    this.backdrop.replaceChildren(...markedNodes(this.text, ranges), '\n');
    this.backdrop.scrollTop = this.box.scrollTop;
  }

  private explain(): void {
    const what = this.findings.map((finding) => describe(finding, this.text)).join(', ');
    const isCertain = this.findings.some((finding) => finding.certain);
    const sentence = what === '' ? '' : t(isCertain ? 'guard.found' : 'guard.foundPossible', { what });
    if (sentence === this.note.textContent) return;
    if (sentence === '' && this.text !== '') announce(t('guard.cleared'));
    if (sentence !== '') announce(sentence);
    this.note.textContent = sentence;
    this.note.classList.toggle('possible', !isCertain);
    this.note.hidden = sentence === '';
  }
}
