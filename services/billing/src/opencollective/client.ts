import { SpanKind } from '@opentelemetry/api'
import { request } from 'undici'
import { z } from 'zod'
import { inSpan } from '@meetcoop/store'
import {
  oneOrderQuery,
  orderPageQuery,
  orderSchema,
  refundsQuery,
  sweptStatuses,
  type OneOrder,
  type Order,
} from './order.ts'

/** OpenCollective did not answer, or not as it should. Nothing is known, so nothing may change. */
export class OpenCollectiveUnavailable extends Error {
  override name = 'OpenCollectiveUnavailable'
}

type Options = { url: string; token: string | undefined; slug: string }

type OrderPage = { totalCount: number; orders: Order[]; unreadable: number }

export const ordersPerPage = 500
const asking = { name: 'OpenCollective GraphQL', kind: SpanKind.CLIENT }
const ledgerRowsMax = 1_000
const timeoutMs = 20_000
const replyBytesMax = 8_000_000

const envelope = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }).optional() })).optional(),
})

/** Reads a collective's orders by OpenCollective's GraphQL API v2. Throws OpenCollectiveUnavailable. */
export function openCollectiveClient({ url, token, slug }: Options) {
  const ask = async <T>(query: { text: string; reply: z.ZodType<T> }, variables: object): Promise<T | 'not-found'> => {
    const question = { query: query.text, variables }
    const { data, errors = [] } = envelope.parse(await inSpan(asking, () => post(url, token, question)))
    const codes = errors.map((error) => error.extensions?.code ?? 'unknown')
    if (codes.length > 0 && codes.every((code) => code === 'NotFound')) return 'not-found'
    if (codes.length > 0) throw new Error(`it answers with errors: ${codes.join(', ')}`)
    return query.reply.parse(data)
  }
  const asOutage = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (error) {
      const why =
        error instanceof z.ZodError ? `an answer of another shape: ${z.prettifyError(error)}` : (error as Error).message
      throw new OpenCollectiveUnavailable(`OpenCollective can not be asked: ${why}`, { cause: error })
    }
  }
  const noCollective = () => new OpenCollectiveUnavailable(`OpenCollective knows no collective ${slug}`)
  return {
    /** The order; undefined where OpenCollective knows of none. */
    order: async (legacyId: number): Promise<OneOrder | undefined> => {
      const answer = await asOutage(ask(oneOrderQuery, { legacyId }))
      return answer === 'not-found' ? undefined : (answer.order ?? undefined)
    },
    /** A page of the collective's recurring orders, oldest first; one that can not be read does not hide the others. */
    orderPage: async (offset: number): Promise<OrderPage> => {
      const variables = { slug, status: sweptStatuses, limit: ordersPerPage, offset }
      const answer = await asOutage(ask(orderPageQuery, variables))
      if (answer === 'not-found') throw noCollective()
      const { totalCount, nodes } = answer.account.orders
      const orders = nodes.flatMap((node) => orderSchema.safeParse(node).data ?? [])
      return { totalCount, orders, unreadable: nodes.length - orders.length }
    },
    /** The ledger's latest refunds since then, each with its own id and its order's. */
    refunds: async (sinceMs: number): Promise<{ id: string; orderLegacyId: number }[]> => {
      const variables = { slug, since: new Date(sinceMs).toISOString(), limit: ledgerRowsMax }
      const answer = await asOutage(ask(refundsQuery, variables))
      if (answer === 'not-found') throw noCollective()
      const refunds = answer.transactions.nodes.filter(({ isRefund }) => isRefund)
      return refunds.flatMap(({ publicId: id, order }) => (order ? [{ id, orderLegacyId: order.legacyId }] : []))
    },
  }
}

export type OpenCollectiveClient = ReturnType<typeof openCollectiveClient>

async function post(url: string, token: string | undefined, question: object): Promise<unknown> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token && { 'personal-token': token }),
    },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (statusCode !== 200) {
    await body.dump()
    // The body of a 401 repeats the token, so no body is told.
    throw new Error(`it answers ${statusCode}`)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > replyBytesMax) throw new Error(`its answer is larger than ${replyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
}
