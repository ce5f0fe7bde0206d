import { describe, expect, test } from '@jest/globals'
import { given } from '@meetcoop/decider'
import { nodeDecider, statusOf, type NodeCommand, type NodeEvent } from './node.ts'

const nodeId = 'node-1'
const fact = (type: Exclude<NodeEvent['type'], 'NodeRegistered'>): NodeEvent => ({ type, data: { nodeId } })
const registered: NodeEvent = { type: 'NodeRegistered', data: { nodeId, region: 'eu' } }
const suspected = fact('NodeSuspected')
const lost = fact('NodeLost')
const draining = fact('NodeDraining')
const retired = fact('NodeRetired')
const declare: NodeCommand = { type: 'declare', nodeId, region: 'eu' }
const admit: NodeCommand = { type: 'admit', nodeId, region: 'eu' }
const judge = (verdict: 'suspected' | 'lost' | 'returned'): NodeCommand => ({ type: 'judge', verdict })
const retire = (liveMeetings: number): NodeCommand => ({ type: 'retire', liveMeetings })

describe('a node', () => {
  test.each<[string, NodeEvent[], NodeCommand, object]>([
    ['is registered when configuration names it', [], declare, [registered]],
    ['is registered once', [registered], declare, []],
    ['stays retired, whatever configuration says', [registered, retired], declare, []],
    ['stays drained, whatever configuration says', [registered, draining], declare, []],
    ['comes back into service by an operator', [registered, retired], admit, [registered]],
    ['stops draining by an operator', [registered, draining], admit, [registered]],
    ['is drained', [registered], { type: 'drain' }, [draining]],
    ['is drained once', [registered, draining], { type: 'drain' }, []],
    ['cannot be drained if nobody knows it', [], { type: 'drain' }, { refused: 'no-such-node' }],
    ['cannot be drained once retired', [registered, retired], { type: 'drain' }, { refused: 'no-such-node' }],
    ['is retired when empty', [registered], retire(0), [retired]],
    ['is not retired under running meetings', [registered], retire(1), { refused: 'meetings-run-on-it' }],
    ['is retired when it does not answer, whatever ran there', [registered, suspected], retire(1), [retired]],
    ['cannot be retired if nobody knows it', [], retire(0), { refused: 'no-such-node' }],
    ['is suspected', [registered], judge('suspected'), [suspected]],
    ['is suspected once', [registered, suspected], judge('suspected'), []],
    ['is not suspected when lost already', [registered, lost], judge('suspected'), []],
    ['is lost', [registered, suspected], judge('lost'), [lost]],
    ['returns from suspicion', [registered, suspected], judge('returned'), [fact('NodeReturned')]],
    ['returns from loss', [registered, lost], judge('returned'), [fact('NodeReturned')]],
    ['does not return when it never left', [registered], judge('returned'), []],
    ['is not judged once retired', [registered, retired], judge('lost'), []],
  ])('%s', (_rule, past, command, then) => {
    expect(given(nodeDecider, past).when(command).then).toEqual(then)
  })

  test.each<[string, NodeEvent[]]>([
    ['READY', [registered]],
    ['SUSPECTED', [registered, suspected]],
    ['LOST', [registered, suspected, lost]],
    ['READY', [registered, suspected, fact('NodeReturned')]],
    ['DRAINING', [registered, draining]],
    ['DRAINING', [registered, draining, suspected]],
    ['LOST', [registered, draining, lost]],
    ['DRAINING', [registered, draining, suspected, fact('NodeReturned')]],
    ['SUSPECTED', [registered, draining, suspected, registered]],
    ['RETIRED', [registered, retired]],
    ['READY', [registered, lost, retired, registered]],
  ])('is %s', (status, past) => {
    const node = past.reduce(nodeDecider.evolve, nodeDecider.initial)
    expect(node && statusOf(node)).toBe(status)
  })
})
