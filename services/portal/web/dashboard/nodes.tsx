import type { NodeView } from '../../src/picture/picture.ts'
import { formatNumber, formatSeconds } from '../format.ts'
import { text } from '../text.ts'

const { nodes: words } = text
// A node that is as full as this fills its bar, unless another is fuller still.
const fullLoad = 100

export function Nodes({ nodes }: { nodes: readonly NodeView[] }) {
  const most = Math.max(fullLoad, ...nodes.map((node) => node.load))
  return (
    <section class="nodes" aria-labelledby="nodes-title">
      <h2 id="nodes-title">{words.title}</h2>
      {nodes.length === 0 && (
        <p class="quiet">
          {words.empty} <code>{words.emptyCommand}</code>
        </p>
      )}
      <ul>
        {nodes.map((node) => (
          <NodeCard key={node.nodeId} node={node} share={node.load / most} />
        ))}
      </ul>
    </section>
  )
}

function NodeCard({ node, share }: { node: NodeView; share: number }) {
  const { nodeId, status, region, participants, meetings, load, seenAtMs } = node
  const trouble = status === 'SUSPECTED' || status === 'LOST'
  return (
    <li class={`node ${trouble ? 'trouble' : ''}`} data-node={nodeId}>
      <div class="node-head">
        <h3>{nodeId}</h3>
        <span class={`status ${trouble ? 'alert' : ''}`}>{words.status[status]}</span>
      </div>
      <p>
        {words.people(participants, formatNumber(participants))} <span class="quiet">·</span>{' '}
        {words.meetings(meetings, formatNumber(meetings))} <span class="quiet">· {region}</span>
      </p>
      <div class="load">
        <span class="quiet">
          {words.load} {formatNumber(load)}
        </span>
        <span class="track" aria-hidden="true">
          <span class="filled" style={{ inlineSize: `${Math.round(share * 100)}%` }} />
        </span>
      </div>
      {trouble && <p class="alert">{seenAtMs > 0 ? words.seen(formatSeconds(seenAtMs)) : words.never}</p>}
    </li>
  )
}
