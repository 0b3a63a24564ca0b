// The form of index.html in, finished questions out: keyboard, length, date and options of the one question box.
import type { AskRequest } from './contract';
import { MAX_QUESTION } from './contract';
import { today } from './dates';
import { byId } from './dom';
import { GuardMarks } from './guard';
import { countCodePoints } from './marks';
import { t } from './strings';

/** From here on the reader sees how much room is left. */
const NEAR_LIMIT = MAX_QUESTION - 200;

/** What a question is sent for: an answer, or the decisions for and against. */
export type Wanted = 'answer' | 'case-law';

export class QuestionForm {
  private readonly form = byId('ask', HTMLFormElement);
  private readonly box = byId('question', HTMLTextAreaElement);
  private readonly label = byId('question-label', HTMLLabelElement);
  private readonly count = byId('question-count', HTMLElement);
  private readonly asOf = byId('as-of', HTMLInputElement);
  private readonly send = byId('send', HTMLButtonElement);
  private readonly caseLaw = byId('case-law', HTMLButtonElement);
  private readonly summary = byId('summary', HTMLInputElement);
  private readonly wait = byId('wait', HTMLInputElement);
  private readonly marks = new GuardMarks(
    this.box,
    byId('question-marks', HTMLElement),
    byId('question-guard', HTMLElement),
  );

  /** `onAsk` is called with each question that may be sent, and with what is asked for. */
  constructor(private readonly onAsk: (request: AskRequest, wanted: Wanted) => void) {
    // The limit without script would cut a pasted text silently; here the reader is told instead.
    this.box.removeAttribute('maxlength');
    this.asOf.value = today();
    byId('options', HTMLDetailsElement).hidden = false;
    byId('question-keys', HTMLElement).hidden = false;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit(event.submitter === this.caseLaw ? 'case-law' : 'answer');
    });
    this.box.addEventListener('input', () => this.showCount());
    this.box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit('answer');
    });
  }

  get text(): string {
    return this.box.value;
  }

  /** Puts a text in the box and the cursor after it. */
  write(text: string): void {
    this.box.value = text;
    this.marks.typed();
    this.showCount();
    this.focus();
  }

  /** Empties the box without moving the reader. */
  clear(): void {
    this.box.value = '';
    this.marks.typed();
    this.showCount();
  }

  focus(): void {
    this.box.focus();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  /** While an answer is coming, the box can be read but not sent again. */
  setBusy(busy: boolean): void {
    this.box.readOnly = busy;
    for (const sends of [this.send, this.caseLaw]) sends.setAttribute('aria-disabled', String(busy));
  }

  /** A first question or one that follows up. */
  setFollowUp(followUp: boolean): void {
    this.label.textContent = t(followUp ? 'question.followUpLabel' : 'question.label');
    if (followUp) this.box.removeAttribute('placeholder');
    else this.box.placeholder = t('question.placeholder');
  }

  /** True when the reader wants the answer in one piece. */
  get waitsForWhole(): boolean {
    return this.wait.checked;
  }

  private submit(wanted: Wanted): void {
    const question = this.text.trim();
    if (this.box.readOnly) return;
    if (question === '' || countCodePoints(question) > MAX_QUESTION) {
      this.box.focus();
      return;
    }
    const date = this.asOf.value;
    const day = date === '' || date === today() ? {} : { as_of: date };
    this.onAsk({ question, mode: this.summary.checked ? 'summary' : 'quotes', ...day }, wanted);
  }

  private showCount(): void {
    const length = countCodePoints(this.text.trim());
    const over = length - MAX_QUESTION;
    this.count.hidden = length < NEAR_LIMIT;
    this.count.classList.toggle('over', over > 0);
    this.box.setAttribute('aria-invalid', String(over > 0));
    this.count.textContent =
      over > 0 ? t('question.tooLong', { count: over }) : t('question.charactersLeft', { count: -over });
  }
}
