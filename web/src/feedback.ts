// An answer's id in, four verdicts to press out. Words are never asked for: they could hold personal data.
import { announce } from './announce';
import { giveFeedback } from './api';
import { VERDICTS, type Feedback } from './contract';
import { button, h } from './dom';
import { t } from './strings';

/** Asks what the answer was worth. What is pressed is sent at once, and once. */
export function feedbackLine(answerId: string, headingId: string): HTMLElement {
  const status = h('p', { class: 'hint', tabindex: '-1' }, t('feedback.kept'));
  const buttons = VERDICTS.map((verdict) =>
    button(t(`feedback.${verdict}`), () => void send({ answer_id: answerId, verdict }), { class: 'quiet' }),
  );
  const choices = h('div', { class: 'quote-actions' }, ...buttons);
  const lead = h('p', { id: headingId }, t('feedback.question'));
  let isSent = false;
  const send = async (feedback: Feedback) => {
    if (isSent) return;
    isSent = true;
    try {
      await giveFeedback(feedback);
      say(status, t('feedback.thanks'));
      // The buttons go away: the reader who stood on one goes on from the thanks.
      choices.remove();
      status.focus({ preventScroll: true });
    } catch {
      isSent = false;
      say(status, t('feedback.failed'));
    }
  };
  return h('div', { class: 'feedback', role: 'group', 'aria-labelledby': headingId }, lead, choices, status);
}

function say(status: HTMLElement, text: string): void {
  status.textContent = text;
  announce(text);
}
