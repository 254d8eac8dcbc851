/* A battle that is over: the pages, jumps into its past, keys, sizes, colours, what axe finds. */
import { ask, axe, brightness, check, done, drawn, fits, holds, median, noFaults, open, read, say, serve, shot, until } from './rig.mjs';

const PAGES = ['battle', 'market', 'agent', 'box'];
const JUMPS = 24;

const web = await serve('demo');
await read(web.url);
const board = await (await ask(web.url, 'leaderboard')).json();
const first = Object.values(board.agents).find(({ rank }) => rank === 1);
const page = await open();
const moment = () => page.locator('footer.line .moment').textContent();

async function goTo(name, of = '') {
  await page.goto(`${web.url}/#/battle/current/${name === 'battle' ? '' : name}${of}`);
  await page.locator(`main[data-page="${name}"] > *`).first().waitFor();
}

await check('it loads, and says who leads', async () => {
  const began = Date.now();
  await page.goto(web.url);
  await page.getByText(first.name, { exact: true }).first().waitFor();
  say(`from the address to who leads: ${Date.now() - began} ms (2000 are meant)`);
  await shot(page, 'battle');
});

await check('the battle page has the race, the leaderboard, head to head, what happened', async () => {
  const rows = page.locator('.board tbody tr');
  await until('a row an agent', async () => (await rows.count()) === board.agents.length);
  holds((await rows.first().textContent()).includes(first.name), 'the first row is not that of the first');
  for (const panel of ['race', 'matrix-panel', 'happened']) await page.locator(`.panel.${panel}`).waitFor();
});

await check('an elimination is a link to its input, and a click says why', async () => {
  const out = page.locator('footer.line .mark[data-what="out"]').first();
  await out.focus();
  await page.keyboard.press('Enter');
  await until('the panel says why', async () => /out/.test(await page.locator('.why[role="dialog"]').textContent()));
  await shot(page, 'why');
  await page.keyboard.press('Escape');
  await until('the panel is closed', () => page.locator('.why[role="dialog"]').isHidden());
});

await check('a jump into the past shows that moment', async () => {
  const track = page.locator('footer.line [role="slider"]');
  const box = await track.boundingBox();
  const took = [];
  for (let n = 0; n < JUMPS; n++) {
    const share = ((n * 7) % JUMPS) / JUMPS + 0.01;
    const before = await page.locator('.banners').textContent();
    const began = Date.now();
    await page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
    await until('another moment', async () => (await page.locator('.banners').textContent()) !== before);
    took.push(Date.now() - began);
  }
  say(`${JUMPS} jumps, from the click to what is shown: median ${median(took)} ms, longest ${Math.max(...took)} ms (100 are meant)`);
  holds((await page.locator('.chip').first().textContent()) === 'PAST', 'the page does not say that it shows the past');
  await shot(page, 'past');
  await page.keyboard.press('Escape');
  await until('the end again', async () => (await page.locator('.chip').first().textContent()) === 'OVER');
});

await check('the server answers a jump in time', async () => {
  const inputs = board.input;
  const took = [];
  for (let n = 0; n < JUMPS; n++) {
    const began = performance.now();
    await (await ask(web.url, `state?input=${1 + Math.floor((((n * 7) % JUMPS) / JUMPS) * inputs)}`)).json();
    took.push(performance.now() - began);
  }
  say(`${JUMPS} states of ${inputs} inputs: median ${median(took).toFixed(1)} ms, longest ${Math.max(...took).toFixed(1)} ms (100 are meant)`);
});

await check('the agent page has its positions, orders, fills, refusals', async () => {
  await goTo('agent', `/${encodeURIComponent(first.name)}`);
  await page.locator('.panel.curve').waitFor();
  await until('a row of the agent', async () => (await page.locator('.panel.deeds .events > *').count()) > 5);
  holds((await page.locator('main').textContent()).includes(first.name), 'it does not name the agent');
  await shot(page, 'agent');
});

await check('the box page has the processes and the machine', async () => {
  await goTo('box');
  await until('something of the machine', async () => (await page.locator('main').textContent()).length > 100);
  await shot(page, 'box');
});

await check('each page, in the dark: axe finds nothing', async () => {
  for (const name of PAGES) {
    await goTo(name);
    await drawn(page, name);
    await axe(page).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
  }
});

await check('each page, in the light: axe finds nothing', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  for (const name of PAGES) {
    await goTo(name);
    await drawn(page, name);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
    holds(brightness(ground) > 200, `the ground of ${name} is ${ground}`);
    await axe(page).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    await shot(page, `${name}-light`);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
});

for (const [what, options] of [
  ['at 80 %', { viewport: { width: 1750, height: 1125 }, deviceScaleFactor: 0.8 }],
  ['on a phone 360 wide', { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
]) {
  await check(`${what} nothing sticks out`, async () => {
    const other = await open(options);
    for (const name of PAGES) {
      await other.goto(`${web.url}/#/battle/current/${name === 'battle' ? '' : name}`);
      await other.locator(`main[data-page="${name}"] > *`).first().waitFor();
      await drawn(other, name);
      await fits(other).catch((error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      await shot(other, `${name}-${what.includes('phone') ? 'phone' : '80'}`);
    }
    await noFaults(other);
    await other.context().close();
  });
}

await check('a tour by the keyboard alone', async () => {
  await goTo('battle');
  for (const [key, name] of [['2', 'market'], ['3', 'agent'], ['4', 'box'], ['1', 'battle'], ['2', 'market']]) {
    await page.keyboard.press(key);
    await page.locator(`main[data-page="${name}"] > *`).first().waitFor();
  }
  await page.locator('.market-map[aria-busy="false"]').waitFor();
  await page.keyboard.press('m');
  const says = page.locator('.map-says');
  await page.keyboard.press('ArrowRight');
  const there = await until('the crosshair says where it is', async () => /input/.test(await says.textContent()) && says.textContent());
  await page.keyboard.press('ArrowUp');
  await until('it went on by a tick', async () => (await says.textContent()) !== there);
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await page.locator('.why[role="dialog"]').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.locator('dialog.help[open]').waitFor();
  await page.keyboard.press('Escape');
  await until('the help is closed', () => page.locator('dialog.help').isHidden());
});

await check('what has the focus is seen', async () => {
  await goTo('battle');
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return element === document.body || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' ? null : element.outerHTML.slice(0, 90);
    });
    holds(seen === null, `nothing shows that this has the focus: ${seen}`);
  }
});

await check('none of it made the page complain', async () => {
  await noFaults(page);
});

await done();
