import { escapeXml } from '@meetcoop/bbb'
import { presentIn } from './meeting.ts'
import type { Meeting, Participant } from './meeting.ts'

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/html5client/client.css">
</head>
<body>
${body}
</body>
</html>
`

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => [...word][0] ?? '')
    .filter((_initial, index, all) => index === 0 || index === all.length - 1)
    .join('')
    .toUpperCase()

// Six calm hues; the same person keeps its own.
const hueOf = (userID: string): number => [...userID].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % 6

const personHtml = (person: Participant, self: Participant): string => `<li class="person">
<span class="face hue-${hueOf(person.internalUserID)}" aria-hidden="true">${escapeXml(initialsOf(person.fullName))}</span>
<span class="who"><span class="name">${escapeXml(person.fullName)}</span>
<span class="tags">${[
  person === self ? 'You' : '',
  person.role === 'MODERATOR' ? 'Moderator' : '',
  person.guest ? 'Guest' : '',
  person.listeningOnly ? 'Listening' : '',
]
  .filter((tag) => tag !== '')
  .map((tag) => `<span class="tag">${tag}</span>`)
  .join('')}</span></span>
</li>`

export const headcount = (meeting: Meeting): string => {
  const count = presentIn(meeting).length
  return count === 1 ? '1 person is here' : `${count} people are here`
}

/** The part of the page that changes. Moderators come first. */
export const roomHtml = (meeting: Meeting, self: Participant): string => {
  if (self.waiting)
    return '<p class="note">A moderator has to let you in. Nothing to do but wait: this page opens by itself.</p>'
  const people = presentIn(meeting).toSorted((a, b) => a.role.localeCompare(b.role))
  const slides = meeting.documents.map((name) => `<li>${escapeXml(name)}</li>`).join('')
  const chat = meeting.chat
    .map(({ userName, message }) => `<li><b>${escapeXml(userName)}</b> ${escapeXml(message)}</li>`)
    .join('')
  return [
    `<ul class="people" aria-label="Who is here">${people.map((person) => personHtml(person, self)).join('')}</ul>`,
    slides === '' ? '' : `<section><h2>Slides</h2><ul class="lines">${slides}</ul></section>`,
    chat === '' ? '' : `<section><h2>Messages</h2><ul class="lines">${chat}</ul></section>`,
  ].join('')
}

export const recordingNote = (meeting: Meeting): string => (meeting.recordingMarks ? 'Recording' : '')

/** The page a join leads to. It works without script too, it only does not follow what happens then. */
export const meetingPage = (meeting: Meeting, self: Participant, nodeName: string): string => {
  const action = (path: string) => `/html5client/${path}?sessionToken=${encodeURIComponent(self.sessionToken)}`
  const endForm =
    self.role === 'MODERATOR'
      ? `<form method="post" action="${action('end')}"><button class="end">End for everybody</button></form>`
      : ''
  return page(
    meeting.name,
    `<header><div><h1>${escapeXml(meeting.name)}</h1>
<p class="status"><span role="status" id="headcount">${headcount(meeting)}</span>
<span id="recording" class="recording">${recordingNote(meeting)}</span></p></div>
<nav aria-label="Meeting">${endForm}<form method="post" action="${action('leave')}"><button>Leave</button></form></nav></header>
<main id="room" data-events="${action('events')}">${roomHtml(meeting, self)}</main>
<footer>Simulated meeting on node ${escapeXml(nodeName)}: no sound, no pictures.<span id="connection" role="status"></span></footer>
<script src="/html5client/client.js" type="module"></script>`,
  )
}

/** A page of few words, for whoever is not, or no longer, in a meeting. */
export const wordsPage = (title: string, text: string): string =>
  page(title, `<main class="words"><h1>${escapeXml(title)}</h1><p>${escapeXml(text)}</p></main>`)
