// What goes wrong between the page and the server is said calmly, with a way on, and no question is lost.
import { describe, expect, test } from 'vitest';
import { answerWith, ask, onPage, picture, REFUSAL_OF_SERVICE, useBrowser } from './browser';

useBrowser();

const stream = (...events: [string, unknown][]) =>
  events.map(([event, data]) => `: vila\n\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');

const SENTENCE = { text: 'Ett kontrollerat citat.', kind: 'quote', support: 'verbatim', citations: [] };

describe('a reply that is no answer', () => {
  test.each([
    [503, 'Många frågar just nu', true],
    [429, 'Många frågar just nu', true],
    [500, 'Något gick fel hos Lotsen', true],
    [413, 'Frågan är för lång', false],
    [400, 'Frågan gick inte att läsa', false],
  ])('%i is explained, and can be tried again where that helps', (status, heading, canRetry) =>
    onPage({}, async (page) => {
      await answerWith(page, status, { type: '/problems/x', status }, { 'Retry-After': '9' });
      await ask(page, REFUSAL_OF_SERVICE);
      await page.getByRole('heading', { name: heading }).waitFor();
      if (status === 503) await page.getByText('om 9 sekunder').first().waitFor();
      expect(await page.getByRole('button', { name: 'Försök igen' }).count()).toBe(canRetry ? 1 : 0);
      expect(await page.inputValue('#question')).toBe(REFUSAL_OF_SERVICE);
    }),
  );
});

test('a lost network is said, and the retry asks the real server again', () =>
  onPage({}, async (page) => {
    await page.route('**/v1/ask', (route) => route.abort('connectionreset'));
    await ask(page, REFUSAL_OF_SERVICE);
    await page.getByRole('heading', { name: 'Kontakten med Lotsen bröts' }).waitFor();
    await picture(page, 'network-lost');
    await page.unroute('**/v1/ask');
    await page.getByRole('button', { name: 'Försök igen' }).click();
    await page.locator('.rank-group').first().waitFor();
  }));

test.each([
  ['an error event', stream(['sentence', SENTENCE], ['error', { type: '/problems/x', title: 'x', status: 500 }])],
  ['an end without done', stream(['sentence', SENTENCE])],
  ['an event that is no JSON', `${stream(['sentence', SENTENCE])}event: done\ndata: {"status"\n\n`],
])('after %s the checked sentences stay, marked as incomplete', (_, body) =>
  onPage({}, async (page) => {
    await page.route('**/v1/ask', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
    await ask(page, REFUSAL_OF_SERVICE);
    await page.getByText('Svaret är inte fullständigt').waitFor();
    expect(await page.locator('blockquote').allInnerTexts()).toEqual([SENTENCE.text]);
    await page.getByRole('button', { name: 'Försök igen' }).waitFor();
  }),
);

test('an answer can be stopped, and the question is still there', () =>
  onPage({}, async (page) => {
    await page.route('**/v1/ask', () => undefined);
    await page.fill('#question', REFUSAL_OF_SERVICE);
    await page.press('#question', 'Enter');
    await page.getByRole('button', { name: 'Avbryt' }).click();
    await page.getByText('Du avbröt innan').first().waitFor();
    expect(await page.inputValue('#question')).toBe(REFUSAL_OF_SERVICE);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
  }));

test('a refusal offers the de-identified question, and takes it', () =>
  onPage({}, async (page) => {
    const question = 'Får 👵 Berit hemtjänst?';
    const findings = [{ start: 6, end: 11, type: 'name', certain: true }];
    const suggestion = 'Får en person hemtjänst?';
    await answerWith(page, 422, {
      type: '/problems/personal-data',
      status: 422,
      findings,
      field: 'question',
      suggestion,
    });
    await ask(page, question);
    expect(await page.locator('mark.personal').allInnerTexts()).toEqual(['Berit']);
    expect(await page.getByRole('button', { name: 'inte om en person' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Använd den här formuleringen' }).click();
    expect(await page.inputValue('#question')).toBe(suggestion);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('question');
  }));

test('a question that is too long is not sent, and says by how much', () =>
  onPage({}, async (page) => {
    let asked = 0;
    await page.route('**/v1/ask', (route) => ((asked += 1), route.abort()));
    await page.fill('#question', 'å'.repeat(1900));
    await page.getByText('100 tecken kvar').waitFor();
    await page.fill('#question', 'å'.repeat(2003));
    await page.press('#question', 'Enter');
    await page.getByText('3 tecken för lång').waitFor();
    expect(asked).toBe(0);
  }));
