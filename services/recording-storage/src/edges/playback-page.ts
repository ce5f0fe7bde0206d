import { createHash } from 'node:crypto'
import { escapeXml } from '@meetcoop/bbb'

const style = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; --ink: #1c2430; --quiet: #596472; --paper: #f7f6f2; --line: #d9d6cd }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --quiet: #a7adb5; --paper: #15191f; --line: #333a44 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); display: grid; place-items: center }
main { width: min(72rem, 100%); padding: clamp(1rem, 4vw, 3rem) }
h1 { font-size: clamp(1.35rem, 3.5vw, 2rem); line-height: 1.2; margin: 0 0 .35rem; text-wrap: balance; overflow-wrap: anywhere }
p { margin: 0 0 1.5rem; color: var(--quiet); max-width: 44rem }
video { display: block; width: 100%; max-height: 75vh; background: #000; border: 1px solid var(--line); border-radius: .75rem }
video:focus-visible { outline: 3px solid #3b82d0; outline-offset: 3px }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Nothing is loaded but the film, from here. */
export const contentSecurityPolicy = `default-src 'none'; media-src 'self'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`

type Playing = {
  name: string
  startedAtMs: number
  lengthMinutes: number
  file: string
  language: string
  timeZone: string
}

/** A recording and its player. `file` is relative to the page. */
export function playingPage({ name, startedAtMs, lengthMinutes, file, language, timeZone }: Playing): string {
  const title = name || 'Recording'
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(
    startedAtMs,
  )
  const length = lengthMinutes > 0 ? ` · ${lengthMinutes} min` : ''
  return page(
    title,
    `<h1>${escapeXml(title)}</h1>
<p><time lang="${escapeXml(language)}" datetime="${new Date(startedAtMs).toISOString()}">${escapeXml(date)}</time>${length}</p>
<video controls playsinline preload="metadata" src="${escapeXml(file)}" aria-label="Recording of ${escapeXml(title)}"></video>`,
  )
}

/** Why there is nothing to watch, and what to do. */
export const refusedPage = (title: string, advice: string): string =>
  page(title, `<h1>${escapeXml(title)}</h1>\n<p>${escapeXml(advice)}</p>`)
