import type { House } from '@meetcoop/service'

export type ConfiguredNode = { nodeId: string; url: string; secret: string; region: string }

/** The nodes that this machine is told of: the sandbox's own, or those of coop.yaml with secrets from the environment. */
export function configuredNodes(
  { settings, coop }: Pick<House, 'settings' | 'coop'>,
  env: Record<string, string | undefined>,
): ConfiguredNode[] {
  if (settings.SANDBOX_NODES) return [...settings.SANDBOX_NODES]
  return coop.nodes.map(({ id, url, secretEnv, region }) => {
    const secret = env[secretEnv]
    if (!secret) throw new Error(`set ${secretEnv} to the BBB secret of the node ${id}`)
    return { nodeId: id, url, secret, region }
  })
}
