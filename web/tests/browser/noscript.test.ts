// Without script the plain form asks, and the server answers with pages of its own.
import { expect, test } from 'vitest';
import {
  CASE_LAW,
  expectAccessible,
  expectNoSideScroll,
  NARROW,
  onPage,
  picture,
  POSSIBLE,
  REFUSAL_OF_SERVICE,
  useBrowser,
  WIDE,
} from './browser';

useBrowser();

test('question, answer, source: all without script', () =>
  onPage({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
    await page.getByLabel('Din fråga').fill(REFUSAL_OF_SERVICE);
    await page.getByRole('button', { name: 'Fråga', exact: true }).click();
    await page.waitForURL('**/fraga');
    expect(await page.locator('article.answer blockquote').count()).toBeGreaterThan(0);
    expect(page.url()).not.toContain('hemtj');
    await picture(page, 'no-script', true);
    const source = page.locator('article.quote a[href^="/d/"]').first();
    await source.click();
    await page.locator('main.document').waitFor();
    expect(new URL(page.url()).hash).not.toBe('');
  }));

test('what may be no person goes on by a button of the page, without script', () =>
  onPage({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
    await page.getByLabel('Din fråga').fill(POSSIBLE);
    await page.getByRole('button', { name: 'Fråga', exact: true }).click();
    await page.getByRole('heading', { name: 'Frågan kan innehålla personuppgifter' }).waitFor();
    expect(await page.locator('mark.personal.possible').allInnerTexts()).toEqual(['Granqvist']);
    await expectNoSideScroll(page);
    await picture(page, 'no-script-possible', true);
    await page.getByRole('button', { name: 'Det här handlar inte om en person' }).click();
    await page.locator('article.answer blockquote, article.answer .no-support').first().waitFor();
    expect(await page.locator('.refusal').count()).toBe(0);
    expect(page.url()).not.toContain('Granqvist');
  }));

test('decisions for and against come without script too', () =>
  onPage({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
    await page.getByLabel('Din fråga').fill(CASE_LAW);
    await page.getByRole('button', { name: 'Avgöranden för och emot' }).click();
    await page.waitForURL('**/avgoranden');
    const titles = await page.locator('.case-column h2').allInnerTexts();
    expect(titles.slice(0, 2)).toEqual(['Till den enskildes fördel', 'Emot den enskilde']);
    expect(await page.locator('.decision blockquote').count()).toBeGreaterThan(0);
    for (const viewport of [NARROW, WIDE]) {
      await page.setViewportSize(viewport);
      await expectNoSideScroll(page);
      await picture(page, `no-script-case-law-${viewport.width}`, true);
    }
    await page.locator('.decision a[href^="/d/"]').first().click();
    await page.locator('main.document article.passage:target').waitFor();
  }));

test('the page of decisions that the server writes has no finding', () =>
  onPage({}, async (page) => {
    await page.goto(new URL('/avgoranden', page.url()).href);
    await page.getByLabel('Din fråga').fill(CASE_LAW);
    await page.getByRole('button', { name: 'Avgöranden för och emot' }).click();
    await page.locator('.case-columns').waitFor();
    await expectAccessible(page);
  }));

test('the form has room on a narrow screen', () =>
  onPage({ viewport: NARROW, javaScriptEnabled: false }, async (page) => {
    expect(await page.locator('#ask').getAttribute('method')).toBe('post');
    const buttons = await page.locator('button:visible').allInnerTexts();
    expect(buttons).toEqual(['Fråga', 'Avgöranden för och emot']);
    await page.setViewportSize(NARROW);
  }).then(() => onPage({ viewport: NARROW }, expectNoSideScroll)));
