import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { nodeUnderTest, until } from './node-under-test.ts'
import type { NodeUnderTest } from './node-under-test.ts'

let node: NodeUnderTest
beforeAll(async () => {
  node = await nodeUnderTest()
})
afterAll(() => node.close())

const opened = async (meetingID: string, fullName: string, role: string) => {
  await node.client.create({ meetingID, name: '<b>Room</b>' })
  const response = await fetch(node.signed('join', { meetingID, fullName, role }))
  return { html: await response.text(), url: response.url }
}
const countIn = async (meetingID: string) => (await node.client.getMeetingInfo(meetingID)).body['participantCount']

test('names are shown, never obeyed', async () => {
  const { html } = await opened('room-1', '<script>x</script>', 'VIEWER')
  expect(html).toContain('&lt;script&gt;x&lt;/script&gt;')
  expect(html).toContain('<h1>&lt;b&gt;Room&lt;/b&gt;</h1>')
  expect(html).not.toContain('<b>Room')
})

test('everybody can leave, a moderator can end', async () => {
  const viewer = await opened('room-2', 'Vi', 'VIEWER')
  const moderator = await opened('room-2', 'Mo', 'MODERATOR')
  expect([viewer, moderator].map(({ html }) => html.includes('End for everybody'))).toEqual([false, true])
  expect((await fetch(viewer.url.replace('?', 'end?'), { method: 'POST' })).status).toBe(403)
  expect((await fetch(viewer.url.replace('?', 'leave?'), { method: 'POST' })).url).toContain('/html5client/left')
  expect(await countIn('room-2')).toBe('1')
  await fetch(moderator.url.replace('?', 'end?'), { method: 'POST' })
  await until('the end', async () => (await node.client.getMeetingInfo('room-2')).messageKey === 'notFound')
  expect((await fetch(moderator.url)).status).toBe(404)
})

test('the page follows the room; closing it is leaving, opening it again is coming back', async () => {
  const { url } = await opened('room-3', 'Vi', 'VIEWER')
  const closing = new AbortController()
  await fetch(url.replace('?', 'events?'), { signal: closing.signal })
  closing.abort()
  await until('the leaver', async () => (await countIn('room-3')) === '0')
  const back = await fetch(url.replace('?', 'events?'))
  await until('the return', async () => (await countIn('room-3')) === '1')
  await node.control('POST', 'meetings/room-3/participants', { name: 'Newcomer', role: 'VIEWER' })
  await node.client.end('room-3')
  const events = await text(Readable.fromWeb(back.body as never))
  expect(events).toContain('Newcomer')
  expect(events).toContain('2 people are here')
  expect(events).toMatch(/event: ended\ndata: {"logoutUrl":"\/html5client\/ended"}\n\n$/)
})
