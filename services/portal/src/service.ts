import cookie from '@fastify/cookie'
import type { Service } from '@meetcoop/service'
import { openAccess, orSignIn } from './edges/access.ts'
import { liveStream } from './edges/live-stream.ts'
import { openLive } from './edges/live.ts'
import { onRecordings } from './edges/on-recording.ts'
import { addPageHeaders } from './edges/page-headers.ts'
import { servePages } from './edges/pages.ts'
import { openSessions } from './edges/sessions.ts'
import { signIn } from './edges/sign-in.ts'
import { showTraces, takeSpans } from './edges/traces.ts'
import { openRecordings } from './store.ts'
import { openShelf } from './traces/shelf.ts'

export const service: Service = {
  name: 'portal',
  build: async (house) => {
    const { operatorToken } = house.secrets
    const recordings = await openRecordings(house.store)
    const live = openLive(house)
    const shelf = openShelf()
    const sessions = openSessions()
    const access = openAccess(sessions, operatorToken)

    return {
      http: async (app) => {
        await app.register(cookie)
        addPageHeaders(app)
        const pages = await servePages(app)
        signIn(app, pages, sessions, operatorToken)
        app.get('/', { onRequest: orSignIn(access) }, async (_request, reply) => pages.send(reply, 'index'))
        liveStream(app, live, access)
        await takeSpans(app, shelf, operatorToken)
        showTraces(app, shelf, pages, access)
      },
      listens: { 'recording-storage': await onRecordings(recordings, live.known) },
      stop: live.stop,
    }
  },
}
