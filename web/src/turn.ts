// One question in, its place on the page out: heading, progress, and in the end an answer, a refusal or a trouble.
import type { RequestFailure } from './api';
import { announce } from './announce';
import { answerNodes, type AnswerView } from './answer';
import { caseLawNodes, caseLawOutcome } from './case-law';
import type { AskReply, AskRequest, CaseLawReply, Problem } from './contract';
import { readableDate, today } from './dates';
import { button, h, moveTo, present, type Child } from './dom';
import type { Progress } from './progress';
import { canConfirm, refusalLead, refusalNodes, type RefusalActions } from './refusal';
import { t } from './strings';
import { explain } from './trouble';

export interface TurnActions {
  onShow: AnswerView['onShow'];
  /** Puts a text in the question box. */
  onWrite: (text: string) => void;
  onConfirm: RefusalActions['onConfirm'];
  onFollowUp: () => void;
  onRetry: () => void;
}

let count = 0;

export class Turn {
  private readonly id = `answer-${(count += 1)}`;
  private readonly heading: HTMLElement;
  private readonly eyebrow = h('p', { class: 'eyebrow' }, t('answer.question'));
  private readonly meta = h('p', { class: 'answer-meta' });
  private readonly body = h('div', { class: 'answer-body' });
  /** True when the material was asked and has spoken: such a turn is worth keeping. */
  isAnswered = false;
  readonly element: HTMLElement;

  constructor(
    private readonly request: AskRequest,
    private readonly progress: Progress,
    private readonly actions: TurnActions,
  ) {
    const headingId = `${this.id}-heading`;
    this.heading = h('h2', { id: headingId, tabindex: '-1' }, request.question);
    const header = h('header', {}, this.eyebrow, this.heading, this.meta);
    this.element = h('article', { class: 'answer', 'aria-labelledby': headingId }, header, this.body);
    this.body.append(progress.element);
    this.setBusy(true);
  }

  get question(): string {
    return this.request.question;
  }

  focus(): void {
    moveTo(this.heading);
  }

  finish(reply: AskReply): void {
    this.show(reply.as_of, answerNodes(reply, { id: this.id, onShow: this.actions.onShow }), outcome(reply));
  }

  /** The decisions for and against in place of an answer. */
  finishCaseLaw(reply: CaseLawReply): void {
    this.element.classList.add('case-law');
    this.eyebrow.textContent = t('caseLaw.question');
    this.show(reply.as_of, caseLawNodes(reply, { onShow: this.actions.onShow }), caseLawOutcome(reply));
  }

  private show(asOf: string | undefined, nodes: Child[], outcome: string): void {
    this.isAnswered = true;
    const day = asOf ?? this.request.as_of ?? today();
    this.meta.append(
      h('span', {}, t('answer.asOf', { date: readableDate(day) })),
      button(t('answer.edit'), () => this.actions.onWrite(this.question), { class: 'link' }),
    );
    const followUp = button(t('answer.followUp'), this.actions.onFollowUp, { class: 'quiet follow-up' });
    this.replace(...nodes, followUp);
    announce(outcome);
  }

  refuse(problem: Problem): void {
    this.retitle(t('refusal.heading'), 'refusal');
    this.element.classList.toggle('possible', canConfirm(problem));
    const { onWrite, onConfirm } = this.actions;
    this.replace(...refusalNodes(this.request, problem, { onUse: onWrite, onConfirm }));
    announce(`${t('refusal.heading')}. ${refusalLead(problem)}`);
  }

  fail(failure: RequestFailure): void {
    const { heading, text, canRetry } = explain(failure);
    this.retitle(heading, 'trouble');
    const retry = canRetry && button(t('trouble.retry'), this.actions.onRetry, { class: 'primary' });
    const partial = this.progress.partial();
    const kept = h('p', { class: 'hint' }, t('trouble.questionKept'));
    this.replace(h('p', {}, text), kept, retry, partial && h('p', { class: 'notice' }, t('progress.partial')), partial);
    announce(`${heading}. ${text}`);
  }

  stop(): void {
    const partial = this.progress.partial();
    const text = t(partial ? 'progress.stopped' : 'progress.stoppedEmpty');
    const retry = button(t('trouble.retry'), this.actions.onRetry, { class: 'quiet' });
    this.replace(h('p', { class: 'notice' }, text), partial, retry);
    announce(text);
  }

  private retitle(heading: string, className: string): void {
    this.eyebrow.remove();
    this.heading.textContent = heading;
    this.element.classList.add(className);
  }

  private replace(...children: Child[]): void {
    // The stop button goes away with the progress: the reader who stood on it goes on from the heading.
    const lostFocus = this.body.contains(document.activeElement);
    this.body.replaceChildren(...present(children));
    this.setBusy(false);
    if (lostFocus) this.focus();
  }

  private setBusy(busy: boolean): void {
    this.body.setAttribute('aria-busy', String(busy));
  }
}

function outcome(reply: AskReply): string {
  if (reply.status === 'no_support') return t('answer.noSupport');
  if (reply.status === 'refused') return t('refusal.declined');
  return t('answer.ready', { count: reply.sources.length });
}
