import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { playDay } from './testing-day.ts'
import { node } from './testing-peers.ts'
import { otlpOf, sampleTrace } from './testing-spans.ts'
import { eventOf, openTestPortal, type TestPortal } from './testing-portal.ts'

const portalFolder = join(import.meta.dirname, '..')
const screenshots = join(portalFolder, '../../var/screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = candidates.find((path) => path !== undefined && existsSync(path))
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const inAnyBrowser = executablePath ? describe : describe.skip

inAnyBrowser('the dashboard in a browser', () => {
  let browser: Browser
  let portal: TestPortal
  let running = true
  let loops: Promise<void>

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    if (!existsSync(join(portalFolder, 'dist/index.html')))
      execFileSync(join(portalFolder, 'node_modules/.bin/vite'), ['build', '--logLevel', 'warn'], { cwd: portalFolder })
    portal = await openTestPortal()
    browser = await chromium.launch({ executablePath, args })
    loops = (async () => {
      while (running) {
        await portal.runLoops()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })()
  })
  afterAll(async () => {
    running = false
    await loops
    await browser?.close()
    await portal?.close()
  })

  const open = async (options: BrowserContextOptions = {}, path = '/') => {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(portal.url + path)
    await page.getByLabel('Operators’ token').fill(portal.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    return { page, problems, close: () => context.close() }
  }
  const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"] .value`)
  const showsLive = (page: Page) => page.getByText('live', { exact: true }).waitFor()

  test('an operator who has the wrong token is told where the right one is', async () => {
    const page = await browser.newPage()
    await page.goto(portal.url)
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(screenshots, 'sign-in.png') })
    await page.getByLabel('Operators’ token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('endpoints.json')
    await page.close()
  })

  test('an empty house says what to do', async () => {
    const { page, problems, close } = await open()
    await showsLive(page)
    await page.getByText('npm run coop -- nodes add').waitFor()
    await page.getByText('No meetings now.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(screenshots, 'empty.png') })
    expect(problems).toEqual([])
    await close()
  })

  test('figures and events change without reload', async () => {
    const { page, problems, close } = await open()
    await showsLive(page)
    await page.evaluate('window.loadedOnce = true')
    await playDay(portal)
    await figure(page, 'participants').filter({ hasText: '137' }).waitFor()
    await figure(page, 'members').filter({ hasText: '131' }).waitFor()
    await page.locator('[data-type="RecordingStored"]').first().waitFor()
    portal.held.nodes = portal.held.nodes.map((each) =>
      each.nodeId === 'node-1' ? { ...each, participants: 90 } : each,
    )
    await portal.deliver(eventOf('NodeReturned', 'node-3', { nodeId: 'node-3' }))
    await figure(page, 'participants').filter({ hasText: '141' }).waitFor()
    await page.locator('[data-type="NodeReturned"]').waitFor()
    expect(await page.evaluate('window.loadedOnce')).toBe(true)

    await page.getByRole('button', { name: 'Pause' }).click()
    await portal.deliver(eventOf('NodeDraining', 'node-2', { nodeId: 'node-2' }))
    await page.getByText('1 new').waitFor()
    expect(await page.locator('[data-type="NodeDraining"]').count()).toBe(0)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.locator('[data-type="NodeDraining"]').waitFor()
    expect(problems).toEqual([])
    await close()
  })

  test.each([
    ['a telephone', 'phone', { width: 360, height: 780 }, 'light'],
    ['a telephone in the dark', 'phone-dark', { width: 360, height: 780 }, 'dark'],
    ['a tablet', 'tablet', { width: 820, height: 1180 }, 'light'],
    ['a laptop', 'laptop', { width: 1440, height: 900 }, 'light'],
    ['a laptop in the dark', 'laptop-dark', { width: 1440, height: 900 }, 'dark'],
    ['a wall', 'wall', { width: 3840, height: 2160 }, 'dark'],
  ] as const)('it is accessible on %s and never scrolls sideways', async (_name, file, viewport, colorScheme) => {
    const { page, close } = await open({ viewport, colorScheme })
    await page.locator('[data-type="MeetingEnded"]').waitFor()
    await page.locator('[data-node="node-3"]').waitFor()
    await page.screenshot({ path: join(screenshots, `${file}.png`), fullPage: true })
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    await close()
  })

  test('the keyboard reaches the figures first and everything that can be done', async () => {
    const { page, close } = await open()
    await showsLive(page)
    await page.locator('.event').first().waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the figures')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('figures')
    await close()
  })

  test('an event leads to its trace', async () => {
    await fetch(`${portal.url}/v1/traces`, {
      method: 'POST',
      headers: { ...portal.asProgram, 'content-type': 'application/json' },
      body: JSON.stringify(otlpOf(sampleTrace())),
    })
    const { page, problems, close } = await open()
    await page.locator('[data-type="ContributionStarted"] a').first().click()
    await page.getByRole('heading', { name: 'Waterfall' }).waitFor()
    await page.getByText('6 steps in 3 services').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(screenshots, 'trace.png'), fullPage: true })
    await page.setViewportSize({ width: 360, height: 780 })
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    await page.screenshot({ path: join(screenshots, 'trace-phone.png'), fullPage: true })
    expect(problems).toEqual([])
    await close()
  })

  test('who has no session is sent to sign in and comes back; who signs out is out', async () => {
    const { page, close } = await open({}, '/traces/0af7651916cd43dd8448eb211c80319c')
    await page.waitForURL('**/traces/0af7651916cd43dd8448eb211c80319c')
    await page.goto(portal.url)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Operators’ token').waitFor()
    await page.goto(portal.url)
    expect(page.url()).toContain('/sign-in')
    await close()
  })

  test('it says so when the connection is lost, and when a service is away', async () => {
    const { page, close } = await open()
    await showsLive(page)
    portal.held.away.add('billing')
    await page.locator('[data-service="billing"].alert').waitFor()
    await page.getByText('billing is away').waitFor({ state: 'attached' })
    portal.held.away.clear()
    portal.held.nodes = [node('node-1')]
    await page.context().setOffline(true)
    await portal.edges.stop?.()
    await page.getByText('reconnecting…').waitFor()
    await page.context().setOffline(false)
    await showsLive(page)
    await close()
  })
})

/** What axe finds against WCAG 2.2 A and AA and its own best practices. */
async function violations(page: Page): Promise<string[]> {
  // Colours that are still on their way to where they belong would be judged on the way.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] }
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}
