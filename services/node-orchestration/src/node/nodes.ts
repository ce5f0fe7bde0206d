import { randomUUID } from 'node:crypto'
import type { Refusal } from '@meetcoop/decider'
import { seal, unseal } from '@meetcoop/service'
import { execute, type Collection } from '@meetcoop/store'
import type { NodeAccess } from '../store.ts'
import { nodeDecider, type Node, type NodeCommand } from './node.ts'

export type OpenAccess = { nodeId: string; url: string; secret: string }
export type Nodes = Awaited<ReturnType<typeof openNodes>>

type Opening = {
  nodes: Collection<Node | undefined>
  access: Collection<NodeAccess>
  secretKey: string
  nowMs(): number
}

const nodesMax = 1_000

/** The registered nodes, in memory beside the store: all changes go through here. */
export async function openNodes({ nodes, access, secretKey, nowMs }: Opening) {
  const known = new Map<string, Node>()
  const accessOf = new Map<string, OpenAccess>()
  for (const { id, state } of await nodes.page({ limit: nodesMax })) if (state) known.set(id, state)
  for (const { id, state } of await access.page({ limit: nodesMax })) {
    const secret = unseal(Buffer.from(state.sealedSecret, 'base64url'), secretKey, id)
    accessOf.set(id, { nodeId: id, url: state.url, secret })
  }

  const act = async (nodeId: string, command: NodeCommand): Promise<Node | Refusal> => {
    const execution = { id: nodeId, causeId: `${command.type}-${randomUUID()}`, command, nowMs: nowMs() }
    const executed = await execute(nodes, nodeDecider, execution)
    if ('refused' in executed) return executed
    if (!executed.state) throw new Error(`${command.type} left no node ${nodeId}`)
    known.set(nodeId, executed.state)
    return executed.state
  }

  return {
    all: (): Node[] => [...known.values()],
    inService: (): Node[] => [...known.values()].filter(({ retired }) => !retired),
    accessOf: (nodeId: string): OpenAccess | undefined => accessOf.get(nodeId),
    act,

    /** Where the node is and its secret. To be told before it is registered: nobody can poll it otherwise. */
    setAccess: async ({ nodeId, url, secret }: OpenAccess): Promise<void> => {
      const before = accessOf.get(nodeId)
      if (before?.url === url && before.secret === secret) return
      const stored = await access.get(nodeId)
      const sealedSecret = seal(secret, secretKey, nodeId).toString('base64url')
      await access.write({ id: nodeId, expectedVersion: stored?.version ?? 0, state: { nodeId, url, sealedSecret } })
      accessOf.set(nodeId, { nodeId, url, secret })
    },
  }
}
