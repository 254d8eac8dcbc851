/* A battle that runs: figures that move, a server that stands still, one that dies and comes back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { check, done, freePort, holds, open, royale, say, serve, shot, start, until, work } from './rig.mjs';

/* A day of so many messages, in which agents act so often, takes longer than the tests on any machine; it is ended
 * before. */
const MESSAGES = 6_000_000;
const busy = (yaml) => yaml.replace(/interval_us: \d+/g, 'interval_us: 50000').replace(/round: \S+/, 'round: 06:00:00');

const port = await freePort();
const feed = royale('generate', '--itch', 'long.itch', '--messages', String(MESSAGES));
holds(feed.status === 0, feed.stderr);
const demo = readFileSync(`${work}/battle.yaml`, 'utf8');
writeFileSync(`${work}/long.yaml`, busy(demo.replace('day.itch', 'long.itch').replace('name: demo', 'name: long')));
const battle = start('royale', ['run', '--quiet', '--dir', 'long', 'long.yaml']);
let web = await serve('long', { port });
const page = await open();
const chip = page.locator('.chip').first();
const input = async () => (await (await fetch(`${web.url}/v1/battles/current/state`)).json()).battle.input;

await check('a battle that runs is live: its figures move', async () => {
  await page.goto(web.url);
  await until('it says LIVE', async () => (await chip.textContent()) === 'LIVE');
  const clock = page.locator('time.clock');
  const before = await clock.textContent();
  await until('market time goes on', async () => (await clock.textContent()) !== before);
  await shot(page, 'battle-live');
});

await check('the market map grows with the stream', async () => {
  await page.keyboard.press('2');
  await page.locator('.market-map[aria-busy="false"]').waitFor();
  const figures = page.locator('.market-figures');
  const before = await figures.textContent();
  await until('the best prices move', async () => (await figures.textContent()) !== before);
  await shot(page, 'market-live');
});

await check('a server that stands still is stale, and says so', async () => {
  web.child.kill('SIGSTOP');
  await page.locator('.banner[data-tone="bad"]', { hasText: /Stale|No connection/ }).waitFor();
  await shot(page, 'stale');
  web.child.kill('SIGCONT');
  await until('live again', async () => (await chip.textContent()) === 'LIVE');
});

await check('a server that comes back is found again, without a reload', async () => {
  await web.stop('SIGKILL');
  await page.locator('.banner[data-tone="bad"]', { hasText: 'No connection' }).waitFor();
  const mark = await page.evaluate(() => (window.stays = Math.random()));
  const began = Date.now();
  web = await serve('long', { port });
  await until('live again', async () => (await chip.textContent()) === 'LIVE');
  say(`live again ${Date.now() - began} ms after the server was started`);
  holds((await page.evaluate(() => window.stays)) === mark, 'the page was loaded again');
  holds((await input()) > 0, 'the battle has no input');
});

await battle.stop('SIGINT');
await done();
