/* A server that lets readers in with a key: refused without, with a wrong one, in with the right one. */
import { check, done, holds, open, royale, serve, shot, until, work } from './rig.mjs';

/* Who comes by another name than this machine's own is a stranger to it. */
const NAME = 'royale.test';

const made = royale('key', 'create', '--name', 'reader', '--keys', `${work}/keys`);
holds(made.status === 0, made.stderr);
const key = /ryk_\S+/.exec(made.stdout)[0];
const web = await serve('demo', { words: ['--keys', `${work}/keys`] });
const page = await open({}, [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
const dialog = page.locator('dialog.key');

await check('without a key the page asks for one, and shows nothing', async () => {
  await page.goto(web.url.replace('127.0.0.1', NAME));
  await page.locator('dialog.key[open]').waitFor();
  holds(!/crowd|maker/.test(await page.locator('body').innerText()), 'it shows agents');
  await shot(page, 'key');
});

await check('a key that is none is refused', async () => {
  await page.locator('#key-field').fill(`${key.slice(0, -4)}AAAA`);
  await page.keyboard.press('Enter');
  await until('it says that it is refused', async () => (await dialog.isVisible()) && (await page.locator('#key-trouble').textContent()) !== '');
});

await check('the right key opens the battle', async () => {
  await page.locator('#key-field').fill(key);
  await page.keyboard.press('Enter');
  await until('agents', async () => /maker-tight/.test(await page.locator('main').innerText()));
  holds(await dialog.isHidden(), 'the dialog is still there');
});

await done();
