import { afterEach, describe, expect, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { RoomQueryServiceService, type RoomQueryServiceServer } from '@meetcoop/contracts/room-scheduling'
import { HealthService, type HealthServer } from '@meetcoop/contracts/health'
import { answer, isNotFound, openPeer, operatorsOnly, QueryRefused, type Queries } from './index.ts'
import { startGrpc, type GrpcServer } from './grpc-server.ts'
import { createHttp } from './http.ts'

const token = 'the-token-of-the-operators-0123456789'
let why: string | undefined
const ready = async () => {
  if (why) throw new Error(why)
}

describe('the HTTP server', () => {
  const open = (routes: (app: FastifyInstance) => void) => {
    const app = createHttp({ name: 'test', log: pino({ level: 'silent' }), metrics: new Registry(), ready })
    routes(app)
    return app
  }
  afterEach(() => (why = undefined))

  test('lives whether it is ready or not, and says why it is not', async () => {
    const app = open(() => {})
    why = 'the store is away'
    expect((await app.inject('/healthz')).statusCode).toBe(200)
    const answered = await app.inject('/readyz')
    expect([answered.statusCode, answered.json()]).toEqual([503, { status: 'not ready', service: 'test', why }])
    why = undefined
    expect((await app.inject('/readyz')).statusCode).toBe(200)
  })

  test('tells callers nothing about an error of its own', async () => {
    const app = open((app) =>
      app.get('/', async () => {
        throw new Error('password of the store: hunter2')
      }),
    )
    const answered = await app.inject('/')
    expect([answered.statusCode, answered.json()]).toEqual([500, { error: 'this did not work; try again' }])
  })

  test('refuses a body that is too large', async () => {
    const app = open((app) => app.post('/', async () => 'taken'))
    const payload = { text: 'x'.repeat(300_000) }
    expect((await app.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(413)
  })

  test.each([
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer another' }, 401],
    ['a part of it', { authorization: `Bearer ${token.slice(0, -1)}` }, 401],
    ['the token', { authorization: `Bearer ${token}` }, 200],
  ])('operators’ routes with %s', async (_what, headers, status) => {
    const app = open((app) => {
      void app.register(async (scope) => {
        operatorsOnly(scope, token)
        scope.get('/operator', async () => 'hello')
      })
    })
    expect((await app.inject({ url: '/operator', headers })).statusCode).toBe(status)
  })
})

describe('gRPC', () => {
  let server: GrpcServer
  const errors: unknown[] = []
  const queries: Queries<RoomQueryServiceServer> = {
    listRooms: async ({ memberId }) => ({ rooms: [{ roomId: 'r1', memberId, running: true }] }),
    getAgenda: async () => {
      throw new QueryRefused('NOT_FOUND', 'no such room')
    },
    mayJoin: async () => {
      throw new Error('password of the store: hunter2')
    },
  }
  const withServer = async (work: (address: string) => Promise<void>) => {
    const answering = [answer<RoomQueryServiceServer>(RoomQueryServiceService, queries)]
    const options = { host: '127.0.0.1', port: 0, ready, onError: (error: unknown) => errors.push(error) }
    server = await startGrpc(answering, options)
    await work(`127.0.0.1:${server.port}`)
    await server.stop()
  }

  test('answers, refuses with a status, and tells nothing about an error of its own', () =>
    withServer(async (address) => {
      const { peer, close } = openPeer<RoomQueryServiceServer>(RoomQueryServiceService, address)
      const { rooms } = await peer.listRooms({ memberId: 'm1', after: '', limit: 0 })
      expect(rooms).toEqual([{ roomId: 'r1', memberId: 'm1', running: true }])
      const missing = await peer.getAgenda({ roomId: 'r2', fromMs: 0, untilMs: 1 }).catch((error: unknown) => error)
      expect(isNotFound(missing)).toBe(true)
      const failed = await peer.mayJoin({ joinToken: 'x' }).catch((error: Error) => error.message)
      expect(failed).toContain('this did not work')
      expect(failed).not.toContain('hunter2')
      expect(errors).toHaveLength(1)
      close()
    }))

  test('health follows readiness', () =>
    withServer(async (address) => {
      const { peer, close } = openPeer<HealthServer>(HealthService, address)
      expect(await peer.check({ service: '' })).toEqual({ status: 'SERVING' })
      why = 'NATS does not answer'
      expect(await peer.check({ service: '' })).toEqual({ status: 'NOT_SERVING' })
      why = undefined
      close()
    }))

  test('nobody there is an outage within the deadline, not a wait without end', async () => {
    const { peer, close } = openPeer<RoomQueryServiceServer>(RoomQueryServiceService, '127.0.0.1:9')
    await expect(peer.listRooms({ memberId: '', after: '', limit: 0 })).rejects.toMatchObject({ code: 14 })
    close()
  })
})
