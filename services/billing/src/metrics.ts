import { Counter, Histogram, type Registry } from 'prom-client'

/** What an operator watches: what comes in, what it costs at OpenCollective, and how long a hint waits. */
export const openMetrics = (registry: Registry) => ({
  webhooks: new Counter({
    name: 'billing_webhooks_total',
    help: 'Webhooks from OpenCollective by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  lookUps: new Counter({
    name: 'billing_look_ups_total',
    help: 'Orders asked for one by one, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  sweeps: new Counter({
    name: 'billing_sweeps_total',
    help: 'Sweeps over all orders by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  lag: new Histogram({
    name: 'billing_hint_lag_seconds',
    help: 'From a webhook to the decision on its order',
    buckets: [0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300],
    registers: [registry],
  }),
})

export type Metrics = ReturnType<typeof openMetrics>
