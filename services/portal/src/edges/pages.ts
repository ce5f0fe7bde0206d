import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

export type Page = 'index' | 'sign-in' | 'trace'

/** The pages that Vite has built. */
export type Pages = { send(reply: FastifyReply, page: Page, message?: string): FastifyReply }

const built = join(import.meta.dirname, '../../dist')
const noPages = 'The portal’s pages are not built yet: stop, and run npm start in the root folder of the repository.'
const messagePlace = '<!--message-->'
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '')

/** Serves the files that pages load, whose names hold a digest of what is in them. */
export async function servePages(app: FastifyInstance): Promise<Pages> {
  if (existsSync(join(built, 'assets')))
    await app.register(fastifyStatic, {
      root: join(built, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
      // Otherwise a pattern route for every file is made anew; the files are few and known at start.
      wildcard: false,
      decorateReply: false,
    })
  return {
    send: (reply, page, message) => {
      const file = join(built, `${page}.html`)
      if (!existsSync(file)) return reply.code(503).type('text/plain; charset=utf-8').send(noPages)
      const told = message ? `<p role="alert" class="alert">${escapeHtml(message)}</p>` : ''
      const html = readFileSync(file, 'utf8').replace(messagePlace, told)
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
    },
  }
}
