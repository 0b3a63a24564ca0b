// Decisions for and against: both sides beside each other, each with its words and its place, by mouse and by keyboard.
import { expect, test } from 'vitest';
import { ask, askCaseLaw, CASE_LAW, NARROW, OFF_TOPIC, onPage, ONE_SIDED, picture, useBrowser } from './browser';

useBrowser();

test('both sides stand beside each other where there is room, and one after the other where there is not', () =>
  onPage({}, async (page) => {
    await askCaseLaw(page, CASE_LAW);
    expect(await page.locator('.case-columns h3').allInnerTexts()).toEqual([
      'Till den enskildes fördel',
      'Emot den enskilde',
    ]);
    const tops = async () => {
      const boxes = await Promise.all((await page.locator('.case-columns > *').all()).map((one) => one.boundingBox()));
      return boxes.map((box) => Math.round(box?.y ?? -1));
    };
    const [left, right] = await tops();
    expect(left).toBe(right);
    await picture(page, 'case-law', true);
    await page.setViewportSize(NARROW);
    const [first = 0, second = 0] = await tops();
    expect(second).toBeGreaterThan(first);
  }));

test('a decision says how it ended in words, who decided and when, and shows its words in their place', () =>
  onPage({}, async (page) => {
    await askCaseLaw(page, CASE_LAW);
    for (const decision of await page.locator('.decision').all()) {
      const facts = await decision.locator('dl').innerText();
      expect(facts).toMatch(/Utgång/);
      expect(await decision.locator('.document-line').innerText()).toMatch(/\d{1,2} \p{L}+ \d{4}/u);
      expect(await decision.locator('blockquote').count()).toBeGreaterThan(0);
    }
    const quote = page.locator('.decision figure').first();
    const words = (await quote.locator('blockquote').innerText()).replace(/\s+/g, ' ').trim();
    await quote.locator('.show-source').click();
    await page.locator('#source mark').first().waitFor();
    const marked = (await page.locator('#source mark').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(marked.some((text) => text.includes(words))).toBe(true);
  }));

test('one side alone comes with the caution on top', () =>
  onPage({}, async (page) => {
    await askCaseLaw(page, ONE_SIDED);
    const codes = await page
      .locator('.answer-body > .notice')
      .evaluateAll((notices) => notices.map((notice) => notice.getAttribute('data-code')));
    expect(codes[0]).toBe('one_sided_case_law');
    await page.locator('.case-columns').getByText('Inget avgörande hittades.').waitFor();
  }));

test('the keyboard alone asks for decisions, and hears what came', () =>
  onPage({}, async (page) => {
    await page.locator('#question').focus();
    await page.keyboard.type(CASE_LAW);
    const reached = () => page.evaluate(() => document.activeElement?.id === 'case-law');
    for (let presses = 0; presses < 10 && !(await reached()); presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.case-columns').waitFor();
    expect((await page.locator('#live p').allInnerTexts()).at(-1)).toMatch(/^Klart. Avgöranden/);
  }));

test('a question goes on from the decisions, and back to an answer', () =>
  onPage({}, async (page) => {
    await askCaseLaw(page, CASE_LAW);
    const followUp = page.waitForRequest('**/v1/ask');
    await ask(page, 'Vad säger lagen om det?');
    const { history } = (await followUp).postDataJSON() as { history: { content: string }[] };
    expect(history[0]?.content).toBe(CASE_LAW);
    expect(history[1]?.content).not.toBe('');
    await page.getByText('Tidigare i samtalet').waitFor();
  }));

test('what no decision bears on is said so', () =>
  onPage({}, async (page) => {
    await askCaseLaw(page, OFF_TOPIC);
    await page.getByText('Inget avgörande i materialet rör frågan.').first().waitFor();
    expect(await page.locator('.case-columns').count()).toBe(0);
  }));
