/* The one file: the same bytes twice, opened from a folder, without any request; what a running battle gets to hear. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { axe, check, done, holds, noFaults, open, royale, say, shot, until, work } from './rig.mjs';

const file = `${work}/friend.html`;
const page = await open({ offline: true });
const requests = [];
page.on('request', (request) => {
  if (!request.url().startsWith('file:') && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) requests.push(request.url());
});

await check('royale export html writes it, and says how large it is', () => {
  const { status, stdout, stderr } = royale('export', 'html', '--out', file, 'demo');
  holds(status === 0, stderr);
  holds(stdout.includes(`${statSync(file).size} bytes`), stdout);
  say(stdout.trim().replace(work, ''));
});

await check('twice: the same bytes', () => {
  holds(royale('export', 'html', '--out', `${file}2`, 'demo').status === 0, 'the second failed');
  holds(readFileSync(file).equals(readFileSync(`${file}2`)), 'they differ');
  rmSync(`${file}2`);
});

await check('where there is no battle it says so, and leaves no file', () => {
  const { status, stderr } = royale('export', 'html', '--out', `${work}/none.html`, 'nowhere');
  holds(status === 3 && stderr !== '', `${status}: ${stderr}`);
  holds(royale('export', 'pdf').status === 2, 'what it cannot make is no wrong argument');
});

await check('it opens from a folder, without a network, and says who leads', async () => {
  const began = Date.now();
  await page.goto(`file://${file}`);
  await until('an agent', async () => /maker-tight/.test(await page.locator('main').innerText()));
  say(`opened in ${Date.now() - began} ms`);
  await shot(page, 'file');
});

await check('it has the past', async () => {
  const before = await page.locator('time.clock').textContent();
  await page.keyboard.press('Shift+ArrowLeft');
  await until('another moment', async () => (await page.locator('time.clock').textContent()) !== before);
  await page.keyboard.press('Escape');
});

await check('it has the market, with an agent on it, and says why', async () => {
  await page.keyboard.press('2');
  await page.locator('.market-map[aria-busy="false"]').waitFor();
  await page.locator('.market-agent').selectOption('maker-tight');
  const fill = page.locator('.market-links').nth(1).locator('a').first();
  // The list may be drawn anew while its link is about to be clicked: then the reason is another agent's.
  await until('the reason', async () => {
    await fill.click();
    await page.waitForTimeout(300);
    if (/maker-tight/.test(await page.locator('.why[role="dialog"]').innerText())) return true;
    await page.keyboard.press('Escape');
    return false;
  });
  await shot(page, 'file-market');
  await page.keyboard.press('Escape');
});

await check('it has the agents and the box', async () => {
  for (const [key, name] of [['3', 'agent'], ['4', 'box'], ['1', 'battle']]) {
    await page.keyboard.press(key);
    await page.locator(`main[data-page="${name}"] > *`).first().waitFor();
  }
  await axe(page);
});

await check('it has asked nobody for anything, and did not complain', async () => {
  holds(requests.length === 0, requests.join(' '));
  await noFaults(page);
});

await done();
