import { createHash } from 'node:crypto'
import { escapeXml } from '@meetcoop/bbb'

const style = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; --ink: #1c2430; --quiet: #566170; --paper: #f4f2ec; --card: #fff; --line: #8b93a0; --accent: #1d6b57; --on-accent: #fff; --soft: #dcebe5 }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --quiet: #aab1ba; --paper: #12161b; --card: #1b2128; --line: #77818e; --accent: #6fd0b1; --on-accent: #0c211a; --soft: #22332e } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--paper); color: var(--ink); display: grid; place-items: center; padding: 1rem }
main { width: min(27rem, 100%); background: var(--card); border-radius: 1.25rem; padding: clamp(1.5rem, 6vw, 2.75rem); box-shadow: 0 1px 2px #0002, 0 1rem 3rem #0001 }
h1 { font-size: clamp(1.5rem, 6vw, 2rem); line-height: 1.15; margin: 0 0 .5rem; text-wrap: balance; overflow-wrap: anywhere }
p { margin: 0 0 1.5rem; color: var(--quiet) }
.badge { display: inline-block; background: var(--soft); color: var(--ink); border-radius: 99px; padding: .15rem .8rem; font-size: .9rem; margin: 0 0 1rem }
label { display: block; font-weight: 600; margin-bottom: .4rem }
input { width: 100%; font: inherit; font-size: 1.2rem; color: inherit; background: transparent; border: 1.5px solid var(--line); border-radius: .75rem; padding: .75rem 1rem }
button { width: 100%; font: inherit; font-size: 1.2rem; font-weight: 650; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .75rem; padding: .9rem 1rem; margin-top: 1rem; cursor: pointer }
button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px }
input:focus-visible { border-color: transparent; outline-offset: -2px }
a { color: inherit }
.error { color: inherit; border-left: 4px solid #c8452f; padding-left: .75rem }
.small { font-size: .9rem; margin: 1.25rem 0 0 }
.dots { display: flex; gap: .6rem; margin: 1rem 0 1.25rem }
.dots i { width: .8rem; height: .8rem; border-radius: 50%; background: var(--accent) }
@media (prefers-reduced-motion: no-preference) { .dots i { animation: wait 1.4s ease-in-out infinite } .dots i:nth-child(2) { animation-delay: .2s } .dots i:nth-child(3) { animation-delay: .4s } }
@keyframes wait { 0%, 80%, 100% { opacity: .25 } 40% { opacity: 1 } }
`

const waitSeconds = 5

// Asks quietly, so that the page does not begin anew under a screen reader; without scripts it has to.
const script = `
const { look } = document.querySelector('[data-look]').dataset
const again = () => setTimeout(ask, ${waitSeconds * 1000})
const ask = async () => {
  const reply = await fetch(look, { headers: { accept: 'application/json' } }).catch(() => undefined)
  const told = await reply?.json().catch(() => undefined)
  if (!told || told.waiting || reply.status >= 429) return again()
  location.replace(told.joinUrl ?? look)
}
again()
`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Nothing is loaded at all. form-action is left open: browsers hold it against every redirect that follows the form,
 * and those lead to the gateway and on to whichever node has the meeting.
 */
export const contentSecurityPolicy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`

const page = (title: string, body: string, head = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${head}<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`

type Joining = { roomName: string; host: boolean; action: string; name: string; problem?: string }

/** One field and one button. */
export const joinPage = ({ roomName, host, action, name, problem }: Joining): string =>
  page(
    `${problem ? 'Your name, please' : 'Join'}: ${roomName}`,
    `${host ? '<p class="badge">You are the host</p>\n' : ''}<h1>${escapeXml(roomName)}</h1>
<p>${host ? 'The meeting begins when you enter.' : 'You need no account, only a name.'}</p>
<form method="post" action="${escapeXml(action)}">
${problem ? `<p class="error" id="problem" role="alert">${escapeXml(problem)}</p>\n` : ''}<label for="name">Your name</label>
<input id="name" name="name" value="${escapeXml(name)}" required maxlength="64" autocomplete="name" autofocus${problem ? ' aria-invalid="true" aria-describedby="problem"' : ''}>
<button>${host ? 'Start the meeting' : 'Join the meeting'}</button>
</form>`,
  )

/** Looks again by itself until a host has come. `look` and `back` are addresses here. */
export const waitingPage = (roomName: string, { look, back }: { look: string; back: string }): string =>
  page(
    `Waiting: ${roomName}`,
    `<h1>${escapeXml(roomName)}</h1>
<div role="status"><div class="dots" aria-hidden="true"><i></i><i></i><i></i></div>
<p>The host is not here yet. You go in by yourself as soon as the meeting begins.</p></div>
<p class="small" data-look="${escapeXml(look)}">This page looks again every ${waitSeconds} seconds. <a href="${escapeXml(look)}">Look now</a> or <a href="${escapeXml(back)}">change your name</a>.</p>
<script>${script}</script>`,
    `<noscript><meta http-equiv="refresh" content="${waitSeconds};url=${escapeXml(look)}"></noscript>\n`,
  )

export const noticePage = (title: string, advice: string): string =>
  page(title, `<h1>${escapeXml(title)}</h1>\n<p>${escapeXml(advice)}</p>`)
