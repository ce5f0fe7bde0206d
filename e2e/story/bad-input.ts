import { request } from 'node:http'
import { signedUrl } from '@meetcoop/bbb'
import type { Endpoints } from '../constellation.ts'

/** Sends one body to OpenCollective's webhook address; gives the status. */
export async function sendWebhook(address: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(address, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

export const forged = (id: number, orderId: number) =>
  JSON.stringify({
    createdAt: '2026-10-01T06:00:03.101Z',
    id,
    type: 'order.processed',
    CollectiveId: 52001,
    data: { firstPayment: true, order: { id: orderId, totalAmount: 99_999_900, currency: 'EUR', TierId: 41203 } },
  })

/** What the BBB API answers: its messageKey, and the HTTP status. */
export async function bbbAnswer(url: string): Promise<{ status: number; key: string }> {
  const response = await fetch(url)
  return { status: response.status, key: /<messageKey>(.*?)<\/messageKey>/.exec(await response.text())?.[1] ?? '' }
}

export const bbbUrl = ({ bbb }: Endpoints, call: string, params: Record<string, string>, secret?: string) =>
  signedUrl(bbb.url, call, params, secret ?? bbb.tenants[0]?.secret ?? '')

/** Says that a body of so many bytes will come, and gives the status that is answered before any of it has. */
export const announceBody = (url: string, bytes: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/xml', 'content-length': bytes }
    const announced = request(url, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode ?? 0)
      announced.destroy()
    })
    announced.on('error', reject)
    announced.flushHeaders()
  })
