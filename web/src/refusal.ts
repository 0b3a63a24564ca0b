// A personal-data problem in, the explanation out: what was found, where, and how to ask instead.
import type { Problem } from './contract';
import { button, h, type Child } from './dom';
import { describe } from './guard';
import { fromCodePoints, markedNodes } from './marks';
import { t } from './strings';

export const PERSONAL_DATA = '/problems/personal-data';

export function isPersonalData(problem: Problem): boolean {
  return problem.status === 422 && problem.type.endsWith(PERSONAL_DATA);
}

/** `onUse` takes the suggestion when the reader accepts it. */
export function refusalNodes(question: string, problem: Problem, onUse: (text: string) => void): Child[] {
  const lead = h('p', {}, t('refusal.lead'));
  // Offsets into an earlier message would mark the wrong words here.
  if (problem.field !== undefined && problem.field !== 'question') return [lead, h('p', {}, t('refusal.history'))];
  const findings = problem.findings ?? [];
  const ranges = findings.map((finding) => fromCodePoints(question, finding));
  return [
    lead,
    h('h3', {}, t('refusal.question')),
    h('p', { class: 'refused-question' }, ...markedNodes(question, ranges, 'personal')),
    h('h3', {}, t('refusal.found')),
    h('ul', {}, ...findings.map((finding) => h('li', {}, describe(finding, question)))),
    ...suggestionNodes(problem.suggestion, onUse),
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
