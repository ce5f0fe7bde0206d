import grpc from '@grpc/grpc-js'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { HealthCheckResponse_ServingStatus, HealthService } from '@meetcoop/contracts/health'
import { contextOf } from '@meetcoop/store'

/** A query that can not be answered, with the status the caller gets. Everything else thrown is INTERNAL. */
export class QueryRefused extends Error {
  readonly code: grpc.status
  constructor(code: keyof typeof grpc.status, message: string) {
    super(message)
    this.name = 'QueryRefused'
    this.code = grpc.status[code]
  }
}

/** The methods of a generated server interface as plain async functions. */
export type Queries<Server> = {
  [K in keyof Server as string extends K ? never : K]: Server[K] extends grpc.handleUnaryCall<
    infer Request,
    infer Reply
  >
    ? (request: Request) => Promise<Reply>
    : never
}

/** A service definition with what answers it. */
export type Answering = {
  definition: grpc.ServiceDefinition
  queries: Record<string, (request: never) => Promise<unknown>>
}

/** Pairs a generated definition with its implementation. */
export const answer = <Server>(definition: grpc.ServiceDefinition, queries: Queries<Server>): Answering => ({
  definition,
  queries: queries as Answering['queries'],
})

export type GrpcServer = { port: number; stop(): Promise<void> }

const stopWithinMs = 2_000

type GrpcOptions = { host: string; port: number; ready(): Promise<void>; onError(error: unknown): void }

/** Serves the definitions, and the standard health service beside them. */
export async function startGrpc(answering: readonly Answering[], options: GrpcOptions): Promise<GrpcServer> {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': 1_000_000 })
  for (const { definition, queries } of [...answering, health(options.ready)]) {
    const handlers = Object.entries(definition).map(([method, { path }]) => {
      const query = queries[method]
      if (!query) throw new Error(`nothing answers ${path}`)
      return [method, unary(path, query as (request: unknown) => Promise<unknown>, options.onError)]
    })
    server.addService(definition, Object.fromEntries(handlers) as grpc.UntypedServiceImplementation)
  }
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port))
    server.bindAsync(`${options.host}:${options.port}`, grpc.ServerCredentials.createInsecure(), bound)
  })
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.forceShutdown(), stopWithinMs)
        server.tryShutdown(() => {
          clearTimeout(force)
          resolve()
        })
      }),
  }
}

const health = (ready: () => Promise<void>): Answering => ({
  definition: HealthService,
  queries: {
    check: async () => {
      const serving = await ready().then(
        () => true,
        () => false,
      )
      const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus
      return { status: serving ? SERVING : NOT_SERVING }
    },
  },
})

function unary(path: string, query: (request: unknown) => Promise<unknown>, onError: (error: unknown) => void) {
  const tracer = trace.getTracer('grpc')
  return (call: grpc.ServerUnaryCall<unknown, unknown>, reply: grpc.sendUnaryData<unknown>) => {
    const parent = contextOf(String(call.metadata.get('traceparent')[0] ?? ''))
    const span = tracer.startSpan(path, { kind: SpanKind.SERVER }, parent)
    context
      .with(trace.setSpan(parent, span), () => query(call.request))
      .then(
        (answer) => reply(null, answer),
        (error: Error) => {
          span.setStatus({ code: SpanStatusCode.ERROR })
          if (error instanceof QueryRefused) return reply({ code: error.code, details: error.message })
          onError(error)
          reply({ code: grpc.status.INTERNAL, details: 'this did not work' })
        },
      )
      .finally(() => span.end())
  }
}
