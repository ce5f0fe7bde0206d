export type Failure = 'none' | 'http500' | 'garbage'

export type Behaviour = {
  /** Before each answer of the BBB API. */
  latencyMs: number
  /** Take requests and never answer. */
  hang: boolean
  fail: Failure
  /** The share of requests that fail, 0 to 1. */
  failRate: number
  recordingDelayMs: number
}

/** How the node is told to misbehave. */
export const createBehaviour = () => {
  let behaviour: Behaviour = { latencyMs: 0, hang: false, fail: 'none', failRate: 1, recordingDelayMs: 2000 }
  return {
    now: (): Behaviour => behaviour,
    /** Changes what is given; a rate alone means HTTP 500 at that rate. */
    change(given: Partial<Behaviour>): Behaviour {
      const rateAlone = given.failRate !== undefined && given.fail === undefined && behaviour.fail === 'none'
      behaviour = { ...behaviour, ...given, ...(rateAlone ? { fail: 'http500' } : {}) }
      return behaviour
    },
  }
}
