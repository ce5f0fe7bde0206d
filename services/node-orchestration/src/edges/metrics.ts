import { Gauge, type Registry } from 'prom-client'
import type { Node } from '@meetcoop/contracts/node-orchestration'

const statuses = ['READY', 'SUSPECTED', 'LOST', 'DRAINING', 'RETIRED'] as const

/** Gauges that are read from the nodes when somebody asks for /metrics. */
export function tellMetrics(registry: Registry, list: () => Node[], isFrozen: () => boolean): void {
  const registers = [registry]
  new Gauge({
    name: 'nodes',
    help: 'BBB nodes by status',
    labelNames: ['status'],
    registers,
    collect() {
      for (const status of statuses) this.set({ status }, list().filter((node) => node.status === status).length)
    },
  })
  const perNode = (name: string, help: string, value: (node: Node) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['node'],
      registers,
      collect() {
        for (const node of list()) this.set({ node: node.nodeId }, value(node))
      },
    })
  perNode('node_meetings', 'Meetings seen on the node', ({ meetings }) => meetings)
  perNode('node_participants', 'Participants seen on the node', ({ participants }) => participants)
  perNode('node_load', 'What placement compares; lower is emptier', ({ load }) => load)
  new Gauge({
    name: 'nodes_frozen',
    help: '1 while so many nodes are silent that none is judged',
    registers,
    collect() {
      this.set(isFrozen() ? 1 : 0)
    },
  })
}
