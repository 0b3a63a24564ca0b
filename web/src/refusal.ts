// A personal-data problem in, the explanation out: what was found, where, how to ask instead, and how to go on if it is nobody.
import type { AskRequest, Confirmed, Finding, Problem } from './contract';
import { button, h, type Child } from './dom';
import { describe, isDescription, markOf } from './guard';
import { markedNodes } from './marks';
import { t } from './strings';

export const PERSONAL_DATA = '/problems/personal-data';

export interface RefusalActions {
  /** Takes the suggestion when the reader accepts it. */
  onUse: (text: string) => void;
  /** Asks again when the reader says that what was found is not about a person. */
  onConfirm: (confirmed: Confirmed[]) => void;
}

export function isPersonalData(problem: Problem): boolean {
  return problem.status === 422 && problem.type.endsWith(PERSONAL_DATA);
}

/** True when nothing that was found is certain, so that the reader may say that it is not about a person. */
export function canConfirm({ findings = [] }: Problem): boolean {
  return findings.length > 0 && findings.every((finding) => !finding.certain);
}

/** The first sentence, which is also read aloud. */
export function refusalLead(problem: Problem): string {
  return t(canConfirm(problem) ? 'refusal.possibleLead' : 'refusal.lead');
}

export function refusalNodes(request: AskRequest, problem: Problem, actions: RefusalActions): Child[] {
  const { findings = [], field = 'question' } = problem;
  const text = textOf(request, field);
  // An earlier message can no longer be changed: its suggestion would be for the wrong box.
  const isEarlier = field !== 'question';
  const marks = findings.map((finding) => markOf(finding, text));
  return [
    h('p', {}, refusalLead(problem)),
    h('h3', {}, t(isEarlier ? 'refusal.earlier' : 'refusal.question')),
    h('p', { class: 'refused-question' }, ...markedNodes(text, marks, 'personal')),
    h('h3', {}, t('refusal.found')),
    h('ul', {}, ...findings.map((finding) => h('li', {}, describe(finding, text)))),
    findings.some(isDescription) && h('p', {}, t('refusal.description')),
    ...(isEarlier ? [h('p', {}, t('refusal.history'))] : suggestionNodes(problem.suggestion, actions.onUse)),
    ...(canConfirm(problem) ? confirmNodes(() => actions.onConfirm(confirm(field, findings))) : []),
  ];
}

/** The words of the field that the refusal is about. */
function textOf({ question, history = [] }: AskRequest, field: string): string {
  const turn = /^history\[(\d+)\]\.content$/.exec(field);
  return turn === null ? question : (history[Number(turn[1])]?.content ?? '');
}

function confirm(field: string, findings: Finding[]): Confirmed[] {
  return findings.map(({ start, end, type }) => ({ field, start, end, type }));
}

function confirmNodes(onConfirm: () => void): Child[] {
  return [
    h('h3', {}, t('refusal.confirmHeading')),
    h('p', {}, t('refusal.confirmText')),
    button(t('refusal.confirm'), onConfirm, { class: 'quiet confirm' }),
  ];
}

function suggestionNodes(suggestion: string | undefined, onUse: (text: string) => void): Child[] {
  if (!suggestion) return [h('p', {}, t('refusal.advice'))];
  return [
    h('h3', {}, t('refusal.suggestion')),
    h('p', { class: 'suggestion' }, suggestion),
    button(t('refusal.use'), () => onUse(suggestion), { class: 'primary' }),
  ];
}
