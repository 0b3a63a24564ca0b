// A caseworker's day, against the real server and its real corpus.
import { describe, expect, test } from 'vitest';
import {
  ask,
  holdsActs,
  LOTSEN,
  OFF_TOPIC,
  onPage,
  PERSONAL,
  picture,
  POSSIBLE,
  REFUSAL_OF_SERVICE,
  REPEALED,
  TEST_NUMBER,
  useBrowser,
} from './browser';

useBrowser();
const acts = await holdsActs();

describe('a question with an answer', () => {
  test('is answered in the words of the guideline and, where it is held, the act above it', () =>
    onPage({}, async (page) => {
      await ask(page, REFUSAL_OF_SERVICE);
      const ranks = await page
        .locator('.rank-group')
        .evaluateAll((groups) => groups.map((group) => group.getAttribute('data-rank')));
      expect(ranks).toContain('riktlinje');
      if (acts) expect(ranks[0]).toBe('lag');
      for (const quote of await page.locator('.rank-group .quote').all()) {
        expect((await quote.locator('.reference').innerText()).trim()).not.toBe('');
        expect((await quote.locator('blockquote').first().innerText()).trim()).not.toBe('');
      }
      await picture(page, 'answer', true);
    }));

  test('a click on a quote stands at the marked words, and back closes the source', () =>
    onPage({}, async (page) => {
      await ask(page, REFUSAL_OF_SERVICE);
      const quote = page.locator('.rank-group .quote').first();
      const words = (await quote.locator('blockquote').first().innerText()).replace(/\s+/g, ' ').trim();
      await quote.locator('.show-source').click();
      await page.locator('#source mark').first().waitFor();
      const marked = (await page.locator('#source mark').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
      expect(marked.some((text) => text.includes(words))).toBe(true);
      expect(await page.locator('#source h2').innerText()).toBe(await quote.locator('.reference').innerText());
      await picture(page, 'source');
      await page.goBack();
      expect(await page.locator('#source').isHidden()).toBe(true);
      expect(await quote.locator('.show-source').evaluate((button) => button === document.activeElement)).toBe(true);
    }));

  test('the document page marks the passage, and a link to the source opens it again', () =>
    onPage({}, async (page) => {
      await ask(page, REFUSAL_OF_SERVICE);
      await page.locator('.show-source').first().click();
      const link = page.locator('#source .open-document a');
      await link.waitFor();
      const address = page.url();
      await link.click();
      await page.locator('main.document article.passage:target').waitFor();
      await picture(page, 'document');
      await page.goto('about:blank');
      await page.goto(address);
      await page.locator('#source .passage-text').first().waitFor();
    }));

  test('a quote is copied with its reference and link', () =>
    onPage({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await ask(page, REFUSAL_OF_SERVICE);
      const quote = page.locator('.rank-group .quote').first();
      await quote.getByRole('button', { name: /^Kopiera/ }).click();
      await quote.getByText('Kopierat').waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toContain((await quote.locator('.reference').innerText()).trim());
      expect(copied).toContain(`${new URL(LOTSEN).origin}/d/`);
    }));

  test('a follow-up carries the conversation, and a new question forgets it', () =>
    onPage({}, async (page) => {
      await ask(page, REFUSAL_OF_SERVICE);
      const followUp = page.waitForRequest('**/v1/ask');
      await ask(page, 'Och om personen är under 18 år?');
      const { history } = (await followUp).postDataJSON() as { history: { role: string; content: string }[] };
      expect(history.map((message) => message.role)).toEqual(['user', 'assistant']);
      expect(history[0]?.content).toBe(REFUSAL_OF_SERVICE);
      await page.getByText('Tidigare i samtalet').waitFor();
      await page.getByRole('button', { name: 'Ny fråga' }).click();
      const fresh = page.waitForRequest('**/v1/ask');
      await ask(page, REFUSAL_OF_SERVICE);
      expect((await fresh).postDataJSON()).not.toHaveProperty('history');
    }));
});

test('a verdict is sent once, with no word of the question, and the keyboard goes on from the thanks', () =>
  onPage({}, async (page) => {
    await ask(page, REFUSAL_OF_SERVICE);
    const sent = page.waitForRequest('**/v1/feedback');
    const counted = page.waitForResponse('**/v1/feedback');
    await page
      .getByRole('group', { name: 'Vad tycker du om svaret?' })
      .getByRole('button', { name: 'Något saknas' })
      .press('Enter');
    const body = (await sent).postDataJSON() as Record<string, string>;
    expect(Object.keys(body)).toEqual(['answer_id', 'verdict']);
    expect(body.verdict).toBe('incomplete');
    expect((await counted).status()).toBe(204);
    await page.locator('.feedback').getByText('Tack').waitFor();
    expect(await page.locator('.feedback button').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.closest('.feedback') !== null)).toBe(true);
  }));

test('the table of a document reads as its passages do', () =>
  onPage({ javaScriptEnabled: false }, async (page) => {
    const list = (await (await fetch(new URL('/v1/documents', LOTSEN))).json()) as {
      documents: { id: string; url: string }[];
    };
    let rows = 0;
    for (const { id, url } of list.documents) {
      const detail = (await (await fetch(new URL(`/v1/documents/${id}`, LOTSEN))).json()) as {
        content: { passage_id: string; text: string }[];
      };
      const lines = detail.content.flatMap(({ text }) => text.split('\n')).filter((line) => line.includes(' | '));
      if (lines.length === 0) continue;
      await page.goto(new URL(url, LOTSEN).href);
      const shown = await page.locator('main tr').allTextContents();
      for (const line of lines) expect(shown).toContain(line);
      rows += lines.length;
    }
    expect(rows).toBeGreaterThan(0);
  }));

test('personal data is marked while it is typed, and refused when it is sent', () =>
  onPage({}, async (page) => {
    await page.fill('#question', PERSONAL);
    const mark = page.locator('#question-marks mark').filter({ hasText: TEST_NUMBER });
    await mark.waitFor();
    await page.locator('#question-guard').getByText('personnummer').waitFor();
    await picture(page, 'guard');
    await page.press('#question', 'Enter');
    await page.getByRole('heading', { name: 'Frågan stoppades' }).waitFor();
    expect(await page.locator('mark.personal').allInnerTexts()).toContain(TEST_NUMBER);
    expect(await page.locator('blockquote').count()).toBe(0);
    expect(await page.inputValue('#question')).toBe(PERSONAL);
    await picture(page, 'refused', true);
  }));

test('what may be no person goes on when the reader says so, by keyboard alone, and so does a follow-up', () =>
  onPage({}, async (page) => {
    await page.fill('#question', POSSIBLE);
    await page.locator('#question-marks mark.possible').filter({ hasText: 'Granqvist' }).waitFor();
    await page.locator('#question-guard').getByText('kan vara personuppgifter').waitFor();
    await page.press('#question', 'Enter');
    await page.getByText('Den kan innehålla personuppgifter').first().waitFor();
    expect(await page.locator('mark.personal.possible').allInnerTexts()).toEqual(['Granqvist']);
    await picture(page, 'possible', true);
    const confirm = page.getByRole('button', { name: 'Det här handlar inte om en person' });
    // From the heading that has the focus, with the tab key alone.
    for (let step = 0; step < 6 && !(await confirm.evaluate((it) => it === document.activeElement)); step += 1) {
      await page.keyboard.press('Tab');
    }
    const sent = page.waitForRequest('**/v1/ask');
    await page.keyboard.press('Enter');
    expect((await sent).postDataJSON()).toMatchObject({
      confirmed: [{ field: 'question', start: 10, end: 19, type: 'name' }],
    });
    await page.locator('blockquote, .no-support').first().waitFor();
    expect(await page.getByRole('heading', { name: 'Frågan stoppades' }).count()).toBe(0);
    const followed = page.waitForRequest('**/v1/ask');
    await ask(page, REFUSAL_OF_SERVICE);
    expect((await followed).postDataJSON()).toMatchObject({ confirmed: [{ field: 'history[0].content', start: 10 }] });
    await page.locator('blockquote, .no-support').first().waitFor();
    expect(await page.getByRole('heading', { name: 'Frågan stoppades' }).count()).toBe(0);
  }));

test('what the material does not say is not answered', () =>
  onPage({}, async (page) => {
    await ask(page, OFF_TOPIC);
    expect(await page.locator('.no-support').innerText()).toBe('Materialet säger inget om detta.');
    expect(await page.locator('.rank-group, .summary').count()).toBe(0);
    await picture(page, 'no-support', true);
  }));

test.skipIf(!acts)('repealed law is said to be repealed', () =>
  onPage({}, async (page) => {
    await ask(page, REPEALED);
    await page.locator('.notice[data-code="repealed_law"]').waitFor();
    await picture(page, 'repealed', true);
  }),
);

test('the chosen day is the day of the answer', () =>
  onPage({}, async (page) => {
    await page.fill('#as-of', '2024-05-01');
    const request = page.waitForRequest('**/v1/ask');
    await ask(page, REPEALED);
    expect((await request).postDataJSON()).toMatchObject({ as_of: '2024-05-01' });
    expect(await page.locator('.answer-meta').innerText()).toContain('1 maj 2024');
    await picture(page, 'as-of', true);
  }));

test('no word of a question stays in the address, the history or the browser', () =>
  onPage({}, async (page) => {
    await ask(page, REFUSAL_OF_SERVICE);
    await page.locator('.show-source').first().click();
    await page.locator('#source .passage-text').first().waitFor();
    await page.locator('#theme').click();
    const kept = await page.evaluate(() =>
      JSON.stringify([
        location.href,
        document.title,
        history.state,
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
      ]),
    );
    // Words of the question that are in no document's name.
    expect(kept).not.toMatch(/säga nej|insatsen|s%C3%A4ga/i);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['lotsen.theme']);
  }));
