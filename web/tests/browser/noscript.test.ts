// Without script the plain form asks, and the server answers with pages of its own.
import { expect, test } from 'vitest';
import { expectNoSideScroll, NARROW, onPage, picture, POSSIBLE, REFUSAL_OF_SERVICE, useBrowser } from './browser';

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

test('the form has room on a narrow screen', () =>
  onPage({ viewport: NARROW, javaScriptEnabled: false }, async (page) => {
    expect(await page.locator('#ask').getAttribute('method')).toBe('post');
    expect(await page.locator('button:visible').count()).toBe(1);
    await page.setViewportSize(NARROW);
  }).then(() => onPage({ viewport: NARROW }, expectNoSideScroll)));
